// Lets virtual time pass as fast as the work gets done: to the next due time when nothing is left to do, never ahead of
// unfinished work; or, with little capacity, so many rounds in each step of time and no more.
import { performance } from 'node:perf_hooks'
import { setTimeout as delay } from 'node:timers/promises'
import type { BenchRedis } from './bench-redis.ts'
import type { SoakService } from './soak-service.ts'
import type { VirtualClock } from './virtual-clock.ts'

/** So many may still be under way when more is claimed, so that the workers never run dry. */
const LOW_WATER = 64
const HELD_UP_MS = 5
/** Real time without a single round ended: something hangs. */
const STALLED_MS = 60_000

export interface SoakParts {
  readonly redis: BenchRedis
  readonly clock: VirtualClock
  readonly service: SoakService
  /** Virtual seconds in a real one at most; null: as fast as it goes. */
  readonly speed: number | null
  /** What falls due within so much virtual time is claimed together, ms; as much lateness is the soak's own. */
  readonly stepMs: number
}

/** So many rounds in each stretch of virtual time. */
export interface Capacity {
  readonly rounds: number
  readonly everyMs: number
}

/** Until the clock shows `untilMs`, with nothing that was due before left. */
export async function runFreely(parts: SoakParts, untilMs: number): Promise<void> {
  const { redis, clock, service, stepMs } = parts
  const pace = paceOf(parts)
  for (;;) {
    const next = (await redis.firstDueAt()) ?? Infinity
    if (next <= clock.now()) {
      const claimed = await service.plan(null)
      await orStalled(service.settled(claimed > 0 ? LOW_WATER : 0))
      // Due and not claimed though nothing is under way: history has to catch up.
      if (claimed === 0) await delay(HELD_UP_MS)
    } else if (service.outstanding > 0) await orStalled(service.settled(0))
    else if (clock.now() >= untilMs) return
    else clock.advanceTo(Math.min(untilMs, Math.max(next, clock.now() + stepMs)))
    await pace()
  }
}

/** Until the clock shows `untilMs`, whatever is left. `onStep` after each stretch of time. */
export async function runLimited(
  parts: SoakParts,
  untilMs: number,
  { rounds, everyMs }: Capacity,
  onStep: () => Promise<void>,
): Promise<void> {
  const { clock, service } = parts
  const pace = paceOf(parts)
  while (clock.now() < untilMs) {
    await service.plan(rounds)
    await orStalled(service.settled(0))
    await onStep()
    clock.advanceTo(clock.now() + everyMs)
    await pace()
  }
}

/** The capacity that comes nearest to so many rounds a second: a planner gives each partition the same whole number. */
export function capacityOf(roundsPerSecond: number, partitions: number): Capacity {
  const everySeconds = Math.max(1, Math.ceil(partitions / roundsPerSecond))
  const each = Math.max(1, Math.round((roundsPerSecond * everySeconds) / partitions))
  return { rounds: each * partitions, everyMs: Math.round(((each * partitions) / roundsPerSecond) * 1000) }
}

function paceOf({ clock, speed }: SoakParts): () => Promise<void> {
  if (speed === null) return async () => {}
  const startedAtMs = performance.now()
  const virtualStart = clock.now()
  return async () => {
    const ahead = (clock.now() - virtualStart) / speed - (performance.now() - startedAtMs)
    if (ahead > 1) await delay(ahead)
  }
}

async function orStalled(work: Promise<void>): Promise<void> {
  const late = new AbortController()
  const stalled = delay(STALLED_MS, undefined, { signal: late.signal }).then(
    () => {
      throw new Error(`no round ended within ${STALLED_MS / 1000} s`)
    },
    () => {},
  )
  try {
    await Promise.race([work, stalled])
  } finally {
    late.abort()
  }
}
