// Ends scans whose time is up, decided or not, and takes them off the domains that they were about.
import type { Clock } from '../core/clock.ts'
import { ClockLoop } from './clock-loop.ts'

export interface ExpiringScans {
  /** Ends what is past its deadline; answers how many scans that were. */
  endOverdue(): Promise<number>
}

/** Not started yet. `everyMs` in the clock's time. */
export function scanSweeper(parts: {
  scans: ExpiringScans
  clock: Clock
  everyMs: number
  onError: (error: unknown) => void
}): ClockLoop {
  return new ClockLoop(parts.clock, async () => {
    await parts.scans.endOverdue().catch(parts.onError)
    return parts.everyMs
  })
}
