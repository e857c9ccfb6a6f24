// How long a small scan waits for its first rounds while everything else is due at once: from the request to the commit, by a
// client that looks at the live state. A worker and an API, each a process.
import { performance } from 'node:perf_hooks'
import { setTimeout as delay } from 'node:timers/promises'
import { targetId } from '../../src/core/model/target.ts'
import { LiveTargets } from '../../src/store/live-targets.ts'
import { median } from '../medians.ts'
import type { Target } from '../targets.ts'
import type { BenchRedis } from './bench-redis.ts'
import { submit } from './intake-cost.ts'
import { judged } from './judged.ts'
import { LAP_MS } from './round-cost.ts'
import type { Stage } from './stage.ts'
import { nameOf } from './watched-names.ts'

const LIMIT_SECONDS = 2
const NAMES_A_SCAN = 3
const LOOK_EVERY_MS = 10
/** A name that is not probed by then: something hangs. */
const GIVE_UP_MS = 300_000
/** The rest of the names is kept due: below this share of them all become due anew. */
const LEAST_DUE_SHARE = 0.5

/** `large` holds `names` names; the authority knows as many as are asked beyond them. */
export async function measureFirstRounds(
  stage: Stage,
  large: { readonly redis: BenchRedis; readonly offset: { ms: number } },
  { names, scans }: { readonly names: number; readonly scans: number },
): Promise<Target[]> {
  const { redis, offset } = large
  offset.ms += LAP_MS
  const due = await redis.dueAt(Date.now() + offset.ms)
  const targets = new LiveTargets(redis.client)
  const worker = await stage.service(redis, { role: 'worker', offsetMs: offset.ms })
  const api = await stage.service(redis, { role: 'api', offsetMs: offset.ms })
  const waits: number[] = []
  try {
    while (worker.rounds === 0) await delay(LOOK_EVERY_MS)
    for (let scan = 0; scan < scans; scan++) {
      if ((await redis.dueAt(Date.now() + offset.ms)) < LEAST_DUE_SHARE * names) {
        offset.ms += LAP_MS
        await worker.ask({ do: 'jump', offsetMs: offset.ms })
        await api.ask({ do: 'jump', offsetMs: offset.ms })
      }
      const from = names + scan * NAMES_A_SCAN
      const startedAtMs = performance.now()
      await submit(api.url!, from, NAMES_A_SCAN)
      const fresh = Array.from({ length: NAMES_A_SCAN }, (_, index) => nameOf(from + index))
      waits.push(...(await Promise.all(fresh.map((name) => firstRound(targets, name, startedAtMs)))))
      if ((scan + 1) % Math.ceil(scans / 10) === 0)
        stage.options.progress(`scan ${scan + 1}/${scans}  longest wait ${Math.max(...waits).toFixed(0)} ms`)
    }
  } finally {
    await api.close()
    await worker.close()
  }
  const sorted = waits.toSorted((a, b) => a - b)
  const p99 = sorted[Math.min(sorted.length - 1, Math.ceil(0.99 * sorted.length) - 1)]!
  const many = due.toLocaleString('en')
  return [
    judged(
      `first round of a 3-name scan while ${many} are due, p99 of ${waits.length}`,
      LIMIT_SECONDS,
      p99 / 1000,
      's',
    ),
    judged('the same, median', null, median(sorted) / 1000, 's'),
  ]
}

/** Ms until the name's first round is committed. */
async function firstRound(targets: LiveTargets, name: string, startedAtMs: number): Promise<number> {
  const id = targetId({ kind: 'host', name })
  for (;;) {
    const { round } = await targets.load(id)
    const waited = performance.now() - startedAtMs
    if (round > 0) return waited
    if (waited > GIVE_UP_MS) throw new Error(`${name} was not probed within ${GIVE_UP_MS / 1000} s`)
    await delay(LOOK_EVERY_MS)
  }
}
