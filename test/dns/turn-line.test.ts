import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { TurnLine, type Waiter } from '../../src/dns/turn-line.ts'

class NamedWaiter implements Waiter {
  waits = false
  readonly name: string
  readonly urgent: boolean

  constructor(name: string, urgent: boolean) {
    this.name = name
    this.urgent = urgent
  }

  admitted(): void {}
}

/** Enters `o…` as ordinary and `u…` as urgent ones. */
function lineOf(...names: string[]): { line: TurnLine; waiters: NamedWaiter[] } {
  const line = new TurnLine()
  const waiters = names.map((name) => new NamedWaiter(name, name.startsWith('u')))
  for (const waiter of waiters) line.enter(waiter)
  return { line, waiters }
}

function order(line: TurnLine): string[] {
  const names: string[] = []
  for (let next = line.next(); next !== null; next = line.next()) names.push((next as NamedWaiter).name)
  return names
}

describe('the order of turns', () => {
  test('is that of arrival, where all are of one class', () => {
    expect(order(lineOf('o1', 'o2', 'o3', 'o4').line)).toEqual(['o1', 'o2', 'o3', 'o4'])
    expect(order(lineOf('u1', 'u2', 'u3', 'u4', 'u5').line)).toEqual(['u1', 'u2', 'u3', 'u4', 'u5'])
  })

  test('lets the urgent ones pass, and an ordinary one after three of them', () => {
    const { line } = lineOf('o1', 'o2', 'u1', 'u2', 'u3', 'u4', 'o3', 'u5', 'u6', 'u7')
    expect(order(line)).toEqual(['u1', 'u2', 'u3', 'o1', 'u4', 'u5', 'u6', 'o2', 'u7', 'o3'])
  })

  test('gives an ordinary one its turn at once when three urgent ones had theirs before it came', () => {
    const { line } = lineOf('u1', 'u2', 'u3', 'u4', 'u5')
    for (let turn = 0; turn < 3; turn++) line.next()
    line.enter(new NamedWaiter('o1', false))
    expect(order(line)).toEqual(['o1', 'u4', 'u5'])
  })

  test('passes over those who left', () => {
    const { line, waiters } = lineOf('o1', 'u1', 'o2', 'u2')
    expect([line.leave(waiters[0]!), line.leave(waiters[1]!), line.leave(waiters[1]!)]).toEqual([
      true,
      true,
      false,
    ])
    expect(line.length).toBe(2)
    expect(order(line)).toEqual(['u2', 'o2'])
    expect(line.leave(waiters[3]!)).toBe(false)
  })
})

test('as many turns as it says come before one who enters, if nobody else does', () => {
  // True enters an urgent waiter, false an ordinary one, null gives a turn.
  const steps = fc.array(fc.option(fc.boolean()), { maxLength: 100 })
  fc.assert(
    fc.property(steps, fc.boolean(), (sequence, urgent) => {
      const line = new TurnLine()
      for (const step of sequence)
        if (step === null) line.next()
        else line.enter(new NamedWaiter('somebody', step))
      const told = line.turnsBefore(urgent)
      line.enter(new NamedWaiter('me', urgent))
      const before = order(line).indexOf('me')
      // An ordinary one may have its turn earlier, where urgent ones must let it pass.
      if (urgent) expect(before).toBe(told)
      else expect(before).toBeLessThanOrEqual(told)
    }),
  )
})
