// What goes on during the term of a keeper: the streams are read, and now and then the graph is swept. Ends when the place is lost
// or somebody ends it.
import type { Clock } from '../../core/clock.ts'
import { ClockLoop } from '../clock-loop.ts'
import type { FlaggedReader } from './keeper-ports.ts'
import { KeeperTerm, type KeeperTermParts } from './keeper-term.ts'

export interface TermRunParts extends KeeperTermParts {
  /** For this term. */
  readonly reader: FlaggedReader
  readonly clock: Clock
  /** Between two sweeps; ms of the clock. */
  readonly sweepMs: number
}

export interface RunningTerm {
  /** Resolves when it finds the place lost. */
  readonly over: Promise<void>
  /** Deals with what is in the streams for at most so long, ms; null: at once, for the place is lost. Resolves when nothing goes on. */
  end(drainMs: number | null): Promise<void>
}

/** While more is due than one sweep takes, the next follows so many times sooner. */
const SOONER = 60
/** What is under way when the place is lost is refused by itself. */
const LOST_LIMIT_MS = 1_000

/** Resolves when everything that is kept is loaded and the streams are read. */
export async function runTerm(parts: TermRunParts, generation: number): Promise<RunningTerm> {
  const { store, reader, clock, sweepMs, onError } = parts
  const term = await KeeperTerm.begin(parts, generation)
  const { promise: over, resolve: lose } = Promise.withResolvers<void>()
  const sweeps = new ClockLoop(clock, async () => {
    const isDue = await term.sweep(clock.now()).catch((error: unknown) => {
      onError(error)
      return false
    })
    return isDue ? sweepMs / SOONER : sweepMs
  })
  await reader.start((payloads) =>
    term.handle(payloads, clock.now()).catch(async (error: unknown) => {
      if (!(await store.renew(generation))) lose()
      throw error
    }),
  )
  sweeps.start()
  return {
    over,
    async end(drainMs) {
      if (drainMs === null) term.end()
      await sweeps.stop()
      await reader.stop(drainMs ?? LOST_LIMIT_MS)
      term.end()
    },
  }
}
