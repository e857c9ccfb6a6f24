// The two clocks: the machine's, and a faster one for the demo and for tests.
import { setTimeout as delay } from 'node:timers/promises'
import type { Clock } from './core/clock.ts'

export const systemClock: Clock = scaledClock(1)

/**
 * A clock that shows the machine's time at `origin` (ms since the epoch) and runs `speed` times as fast from there on.
 * Processes with the same origin agree. DNS time-outs and HTTP stay in real time; TTLs, intervals and series follow it.
 */
export function scaledClock(speed: number, origin: number = Date.now()): Clock {
  return {
    now: () => Math.floor(origin + (Date.now() - origin) * speed),
    async sleep(ms, signal) {
      await delay(Math.max(0, ms / speed), undefined, signal ? { signal } : {}).catch(() => {})
    },
  }
}

/** What a clock shows at a time of the machine's (ms since the epoch), and how fast it runs: enough to have it in another thread. */
export interface ClockReading {
  readonly shown: number
  readonly at: number
  readonly speed: number
}

export function resumedClock({ shown, at, speed }: ClockReading): Clock {
  return { ...scaledClock(speed), now: () => Math.floor(shown + (Date.now() - at) * speed) }
}
