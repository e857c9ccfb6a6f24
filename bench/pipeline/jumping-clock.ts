// Real time, moved forward by jumps: what is due in an hour is due now, and everything else runs as in life.
import { setTimeout as delay } from 'node:timers/promises'
import type { Clock } from '../../src/core/clock.ts'

export class JumpingClock implements Clock {
  /** How far ahead of real time this clock is, ms. Processes with the same offset agree. */
  offsetMs: number

  constructor(offsetMs = 0) {
    this.offsetMs = offsetMs
  }

  now(): number {
    return Date.now() + this.offsetMs
  }

  /** In real time: a jump shortens no wait that has begun. */
  async sleep(ms: number, signal?: AbortSignal): Promise<void> {
    await delay(Math.max(0, ms), undefined, signal ? { signal } : {}).catch(() => {})
  }
}
