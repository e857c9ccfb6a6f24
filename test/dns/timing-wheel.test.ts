import { spawn } from 'node:child_process'
import { once } from 'node:events'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { TICK_MS, Timeout, TimingWheel, type WheelTimer } from '../../src/dns/timing-wheel.ts'

/** Time that moves by hand, and the one timer that the wheel sets. */
class HandTimer implements WheelTimer {
  nowMs = 0
  dueMs: number | null = null
  referenced = false
  sets = 0
  fire: () => void = () => {}

  set(delayMs: number): void {
    this.dueMs = this.nowMs + delayMs
    this.sets += 1
  }

  ref(): void {
    this.referenced = true
  }

  unref(): void {
    this.referenced = false
  }

  /** Lets time pass; the timer fires when it is due, or `lateMs` after that. */
  pass(untilMs: number, lateMs = 0): void {
    while (this.dueMs !== null && this.dueMs + lateMs <= untilMs) {
      this.nowMs = Math.max(this.nowMs, this.dueMs + lateMs)
      this.dueMs = null
      this.fire()
    }
    this.nowMs = untilMs
  }
}

class Entry extends Timeout {
  override readonly keepsAlive: boolean
  readonly firedMs: number[] = []
  readonly #then: (entry: Entry, nowMs: number) => void

  constructor(keepsAlive = true, then: (entry: Entry, nowMs: number) => void = () => {}) {
    super()
    this.keepsAlive = keepsAlive
    this.#then = then
  }

  override expired(nowMs: number): void {
    this.firedMs.push(nowMs)
    this.#then(this, nowMs)
  }
}

function stage(): { wheel: TimingWheel; timer: HandTimer } {
  const timer = new HandTimer()
  const wheel = new TimingWheel(
    () => timer.nowMs,
    (fire) => {
      timer.fire = fire
      return timer
    },
  )
  return { wheel, timer }
}

describe('the timing wheel', () => {
  test('whatever is started and stopped in whatever order, each entry that is not stopped expires once, in its tick', () => {
    const delay = fc.oneof(fc.integer({ min: 0, max: 50 }), fc.integer({ min: 0, max: 20_000 }))
    const plan = fc.array(fc.record({ at: fc.nat(5000), delay, stop: fc.option(fc.nat(6000)) }), {
      maxLength: 60,
    })
    fc.assert(
      fc.property(plan, fc.nat(30), (steps, lateMs) => {
        const { wheel, timer } = stage()
        const entries = steps.map((step) => ({ ...step, entry: new Entry() }))
        const acts = entries.flatMap(({ at, delay: delayMs, stop, entry }) => [
          { ms: at, act: () => wheel.start(entry, at + delayMs) },
          ...(stop === null ? [] : [{ ms: at + stop, act: () => wheel.stop(entry) }]),
        ])
        for (const { ms, act } of acts.toSorted((one, other) => one.ms - other.ms)) {
          timer.pass(ms, lateMs)
          act()
        }
        timer.pass(60_000, lateMs)
        for (const { at, delay: delayMs, stop, entry } of entries) {
          const due = at + delayMs
          const latest = due + 2 * TICK_MS + lateMs + 1
          if (stop !== null && at + stop < due) expect(entry.firedMs).toEqual([])
          else if (stop === null || at + stop > latest) expect(entry.firedMs).toHaveLength(1)
          for (const fired of entry.firedMs) {
            expect(fired).toBeGreaterThanOrEqual(due)
            expect(fired).toBeLessThanOrEqual(latest)
          }
          expect(entry.running).toBe(false)
        }
        expect(wheel.size).toBe(0)
      }),
    )
  })

  test('a sleep of many rounds lets everything expire that is due, and nothing else', () => {
    const { wheel, timer } = stage()
    const near = new Entry()
    const far = new Entry()
    wheel.start(near, 100)
    wheel.start(far, 400_000)
    timer.pass(300_000, 200_000)
    expect([near.firedMs.length, far.firedMs.length]).toEqual([1, 0])
    timer.pass(500_000)
    expect(far.firedMs[0]).toBeGreaterThanOrEqual(400_000)
    expect(far.firedMs[0]).toBeLessThanOrEqual(400_000 + 2 * TICK_MS)
  })

  test('an entry may start itself anew, and stop its neighbours, while it expires', () => {
    const { wheel, timer } = stage()
    const neighbours = [new Entry(), new Entry(), new Entry()]
    const again = new Entry(true, (entry, nowMs) => {
      for (const neighbour of neighbours) wheel.stop(neighbour)
      if (entry.firedMs.length < 3) wheel.start(entry, nowMs)
    })
    for (const neighbour of neighbours) wheel.start(neighbour, 50)
    wheel.start(again, 50)
    timer.pass(1000)
    expect(again.firedMs).toHaveLength(3)
    expect(neighbours.map((neighbour) => neighbour.firedMs)).toEqual([[], [], []])
    expect(wheel.size).toBe(0)
  })

  test('starting an entry that runs moves it', () => {
    const { wheel, timer } = stage()
    const entry = new Entry()
    wheel.start(entry, 40)
    wheel.start(entry, 400)
    timer.pass(300)
    expect(entry.firedMs).toEqual([])
    timer.pass(1000)
    expect(entry.firedMs).toHaveLength(1)
  })

  test('ten thousand entries that are all stopped in time set the timer once', () => {
    const { wheel, timer } = stage()
    for (let index = 0; index < 10_000; index++) {
      const entry = new Entry()
      timer.nowMs = index / 10
      wheel.start(entry, timer.nowMs + 1500)
      wheel.stop(entry)
    }
    expect(timer.sets).toBe(1)
  })

  test('those that are due are found in one walk, however many of later rounds stand before them', () => {
    const { wheel, timer } = stage()
    const round = 1024 * TICK_MS
    const due = Array.from({ length: 500 }, () => new Entry())
    for (const entry of due) wheel.start(entry, 400)
    let looks = 0
    for (let index = 0; index < 500; index++) {
      const later = new Entry()
      wheel.start(later, 400 + round)
      const { dueTick } = later
      const get = (): number => ((looks += 1), dueTick)
      Object.defineProperty(later, 'dueTick', { get })
    }
    timer.pass(1000)
    expect(due.every((entry) => entry.firedMs.length === 1)).toBe(true)
    expect(looks).toBeLessThan(5000)
  })

  test('the process is kept alive exactly while an entry runs that asks for it', () => {
    const { wheel, timer } = stage()
    const [question, other, sweep] = [new Entry(), new Entry(), new Entry(false)]
    wheel.start(sweep, 100)
    expect(timer.referenced).toBe(false)
    wheel.start(question, 100)
    wheel.start(other, 200)
    expect(timer.referenced).toBe(true)
    wheel.stop(question)
    expect(timer.referenced).toBe(true)
    timer.pass(1000)
    expect(timer.referenced).toBe(false)
    expect(sweep.firedMs).toHaveLength(1)
  })

  test('with the real timer a process waits for a question and not for a sweep', async () => {
    const script = `
      import { Timeout, TimingWheel } from ${JSON.stringify(new URL('../../src/dns/timing-wheel.ts', import.meta.url).href)}
      class Entry extends Timeout {
        keepsAlive
        constructor(keepsAlive, word) { super(); this.keepsAlive = keepsAlive; this.word = word }
        expired() { console.log(this.word) }
      }
      const wheel = new TimingWheel()
      wheel.start(new Entry(false, 'sweep'), performance.now() + 600_000)
      wheel.start(new Entry(true, 'question'), performance.now() + 50)
      const stopped = new Entry(true, 'stopped')
      wheel.start(stopped, performance.now() + 600_000)
      wheel.stop(stopped)`
    const child = spawn(process.execPath, ['--input-type=module', '--eval', script])
    let output = ''
    child.stdout.on('data', (chunk: Buffer) => {
      output += chunk.toString()
    })
    const [code] = (await once(child, 'close')) as [number]
    expect([code, output]).toEqual([0, 'question\n'])
  })
})
