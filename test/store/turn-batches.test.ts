// What is gathered into one call, what is answered to whom, and what a call that fails does to those that were in it.
import { setImmediate as nextTurn } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { TurnBatches } from '../../src/store/turn-batches.ts'

/** Doubles numbers, except for the bad ones; every call is on record. */
class Doubling {
  readonly calls: { partition: string; items: readonly number[] }[] = []
  readonly batches: TurnBatches<number, number>
  /** A call with one of these fails. */
  readonly bad = new Set<number>()
  /** Set: calls are held until it resolves. */
  held: Promise<void> | null = null

  constructor() {
    this.batches = new TurnBatches(async (partition, items) => {
      this.calls.push({ partition, items })
      await this.held
      const first = items.find((item) => this.bad.has(item))
      if (first !== undefined) throw new Error(`${first} is bad`)
      return items.map((item) => item * 2)
    })
  }

  add(partition: string, ...items: number[]): Promise<number[]> {
    return Promise.all(items.map((item) => this.batches.add(partition, item)))
  }
}

function numbers(count: number, from = 0): number[] {
  return Array.from({ length: count }, (_, index) => from + index)
}

describe('What is added in one turn of the event loop', () => {
  test('goes in one call a partition, in order, and each gets its own answer', async () => {
    const doubling = new Doubling()
    const answers = await Promise.all([
      doubling.batches.add('one', 1),
      doubling.batches.add('two', 10),
      doubling.batches.add('one', 2),
      doubling.batches.add('two', 20),
      doubling.batches.add('one', 1),
    ])
    expect(answers).toEqual([2, 20, 4, 40, 2])
    expect(doubling.calls).toEqual([
      { partition: 'one', items: [1, 2, 1] },
      { partition: 'two', items: [10, 20] },
    ])
  })

  test('goes in several calls when it is more than 64, all under way at the same time', async () => {
    const doubling = new Doubling()
    const gate = Promise.withResolvers<void>()
    doubling.held = gate.promise
    const answers = doubling.add('one', ...numbers(150))
    await nextTurn()
    await nextTurn()
    expect(doubling.calls.map(({ items }) => items)).toEqual([numbers(64), numbers(64, 64), numbers(22, 128)])
    gate.resolve()
    expect(await answers).toEqual(numbers(150).map((item) => item * 2))
  })

  test('of 64 is one call', async () => {
    const doubling = new Doubling()
    await doubling.add('one', ...numbers(64))
    expect(doubling.calls.map(({ items }) => items.length)).toEqual([64])
  })
})

test('What is added in a later turn goes by itself, and does not wait for a call that is under way', async () => {
  const doubling = new Doubling()
  const gate = Promise.withResolvers<void>()
  doubling.held = gate.promise
  const slow = doubling.add('one', 1)
  await nextTurn()
  await nextTurn()
  doubling.held = null
  expect(await doubling.add('one', 2)).toEqual([4])
  gate.resolve()
  expect(await slow).toEqual([2])
  expect(doubling.calls.map(({ items }) => items)).toEqual([[1], [2]])
})

describe('A call that fails', () => {
  test('is repeated item by item, and only the bad ones are rejected', async () => {
    const doubling = new Doubling()
    doubling.bad.add(2).add(4)
    const answers = await Promise.allSettled([1, 2, 3, 4].map((item) => doubling.batches.add('one', item)))
    expect(answers).toEqual([
      { status: 'fulfilled', value: 2 },
      { status: 'rejected', reason: new Error('2 is bad') },
      { status: 'fulfilled', value: 6 },
      { status: 'rejected', reason: new Error('4 is bad') },
    ])
    expect(doubling.calls.map(({ items }) => items)).toEqual([[1, 2, 3, 4], [1], [2], [3], [4]])
  })

  test('leaves the other partitions alone', async () => {
    const doubling = new Doubling()
    doubling.bad.add(1)
    const [bad, good] = await Promise.allSettled([doubling.add('one', 1), doubling.add('two', 2, 3)])
    expect(bad).toEqual({ status: 'rejected', reason: new Error('1 is bad') })
    expect(good).toEqual({ status: 'fulfilled', value: [4, 6] })
    expect(doubling.calls).toHaveLength(2)
  })

  test('with one item is not repeated', async () => {
    const doubling = new Doubling()
    doubling.bad.add(7)
    await expect(doubling.add('one', 7)).rejects.toThrow('7 is bad')
    expect(doubling.calls).toHaveLength(1)
  })

  test('does not spoil what comes after it', async () => {
    const doubling = new Doubling()
    doubling.bad.add(1)
    await Promise.allSettled([doubling.add('one', 1, 2)])
    doubling.bad.clear()
    expect(await doubling.add('one', 1, 2)).toEqual([2, 4])
  })
})
