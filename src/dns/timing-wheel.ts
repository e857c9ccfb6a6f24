// Time-outs by the ten thousand: starting and stopping one is O(1) and makes no object, and one timer of the system serves
// them all. Decides when something is over; what that means is the entry's business.

/** Length of a tick. An entry expires at the end of the tick that its time is in: never early, and seldom later. */
export const TICK_MS = 4
const SLOTS = 1024

/**
 * Something that can run out of time: subclasses say what happens then. It is in one wheel at most, and links itself into
 * the wheel's lists, so that starting it allocates nothing.
 */
export abstract class Timeout {
  /** Whether it keeps the process alive while it runs. */
  abstract readonly keepsAlive: boolean
  /** Called once per start, unless stopped before. It may start itself anew, and start or stop others. */
  abstract expired(nowMs: number): void
  /** The rest is the wheel's. */
  dueTick = 0
  previous: Timeout | null = null
  next: Timeout | null = null
  running = false
}

/** The system's side of the wheel: one timer that is set again and again. */
export interface WheelTimer {
  /** Calls the wheel once after so many milliseconds, in place of what was set before. */
  set(delayMs: number): void
  ref(): void
  unref(): void
}

/** Time by `performance.now()`, unless a test brings its own. */
export class TimingWheel {
  readonly #now: () => number
  readonly #timer: WheelTimer
  /** First of each slot's list. Entries of later rounds share the slot, and are passed over. */
  readonly #slots: (Timeout | null)[] = Array.from({ length: SLOTS }, () => null)
  #running = 0
  #keepingAlive = 0
  /** Everything up to this tick has expired. */
  #tick: number
  /** The tick that the timer is set for; Infinity when it is not set. */
  #wakeTick = Infinity

  constructor(now: () => number = () => performance.now(), timer?: (fire: () => void) => WheelTimer) {
    this.#now = now
    this.#tick = Math.floor(now() / TICK_MS)
    this.#timer = (timer ?? systemTimer)(() => this.#fire())
  }

  /** Entries that run. */
  get size(): number {
    return this.#running
  }

  /** `dueMs` is a time by the wheel's clock, not a delay. An entry that runs already is moved. */
  start(entry: Timeout, dueMs: number): void {
    if (entry.running) this.stop(entry)
    const dueTick = Math.max(Math.ceil(dueMs / TICK_MS), this.#tick + 1)
    entry.dueTick = dueTick
    entry.running = true
    const slot = dueTick % SLOTS
    const first = this.#slots[slot] ?? null
    entry.next = first
    if (first !== null) first.previous = entry
    this.#slots[slot] = entry
    this.#running += 1
    if (entry.keepsAlive && this.#keepingAlive++ === 0) this.#timer.ref()
    if (dueTick < this.#wakeTick) this.#setTimer(dueTick)
  }

  /** Nothing happens when it does not run. */
  stop(entry: Timeout): void {
    if (!entry.running) return
    const { previous, next } = entry
    if (previous === null) this.#slots[entry.dueTick % SLOTS] = next
    else previous.next = next
    if (next !== null) next.previous = previous
    entry.previous = null
    entry.next = null
    entry.running = false
    this.#running -= 1
    // A timer that is set stays set: most often the next entry comes before it fires.
    if (entry.keepsAlive && --this.#keepingAlive === 0) this.#timer.unref()
  }

  #setTimer(wakeTick: number): void {
    this.#wakeTick = wakeTick
    this.#timer.set(Math.max(1, wakeTick * TICK_MS - this.#now()))
  }

  #fire(): void {
    this.#wakeTick = Infinity
    const nowMs = this.#now()
    const last = Math.floor(nowMs / TICK_MS)
    // After a long sleep every slot is visited once, which is all that a round of the wheel has.
    const first = Math.max(this.#tick + 1, last - SLOTS + 1)
    this.#tick = Math.max(this.#tick, last)
    for (let tick = first; tick <= last; tick++) this.#expireSlot(tick % SLOTS, last, nowMs)
    if (this.#running > 0) this.#setTimerForNext()
  }

  #expireSlot(slot: number, last: number, nowMs: number): void {
    let entry = this.#slots[slot] ?? null
    while (entry !== null) {
      if (entry.dueTick > last) {
        entry = entry.next
        continue
      }
      const { next }: Timeout = entry
      this.stop(entry)
      entry.expired(nowMs)
      // What it started is due later than `last` and stands in front, so what comes next still does, unless that has left.
      const follows = next === null || (next.running && next.dueTick % SLOTS === slot)
      entry = follows ? next : (this.#slots[slot] ?? null)
    }
  }

  /** The next tick that has an entry in its slot, or a round on when there is none that near. */
  #setTimerForNext(): void {
    const end = this.#tick + SLOTS
    let tick = this.#tick + 1
    while (tick < end && (this.#slots[tick % SLOTS] ?? null) === null) tick++
    if (tick < this.#wakeTick) this.#setTimer(tick)
  }
}

function systemTimer(fire: () => void): WheelTimer {
  let timer: NodeJS.Timeout | null = null
  let referenced = false
  return {
    set(delayMs) {
      clearTimeout(timer ?? undefined)
      timer = setTimeout(fire, delayMs)
      if (!referenced) timer.unref()
    },
    ref() {
      referenced = true
      timer?.ref()
    },
    unref() {
      referenced = false
      timer?.unref()
    },
  }
}

/** The wheel of everything that has none of its own. Sets no timer before its first entry. */
export const SHARED_WHEEL = new TimingWheel()
