// The two clocks: the machine's, and a faster one for the demo and for tests.
import { setTimeout as delay } from 'node:timers/promises'
import type { Clock } from './core/clock.ts'

export const systemClock: Clock = scaledClock(1)

/**
 * A clock that starts at the machine's time and runs `speed` times as fast.
 * DNS time-outs and HTTP stay in real time; TTLs, intervals and series follow this clock.
 */
export function scaledClock(speed: number): Clock {
  const origin = Date.now()
  return {
    now: () => Math.floor(origin + (Date.now() - origin) * speed),
    async sleep(ms, signal) {
      await delay(Math.max(0, ms / speed), undefined, signal ? { signal } : {}).catch(() => {})
    },
  }
}
