// Whether a worker's resident memory stays where it is over many rounds: the first tenth of its laps against the last.
import { median } from '../medians.ts'
import type { Target } from '../targets.ts'
import { judged } from './judged.ts'
import { runLap } from './lap.ts'
import { LAP_MS } from './round-cost.ts'
import type { Stage } from './stage.ts'

/** What still counts as flat: a collector's heap breathes. Hand-set. */
const LIMIT = 1.1
const PARTS = 10

export async function measureResident(
  stage: Stage,
  { names, rounds }: { readonly names: number; readonly rounds: number },
): Promise<Target[]> {
  const redis = await stage.redis()
  const laps = Math.max(PARTS, Math.ceil(rounds / names))
  const resident: number[] = []
  try {
    const now = Date.now()
    await stage.seed(redis, { count: names, kind: 'settled', dueAt: () => now })
    const worker = await stage.service(redis, { role: 'worker' })
    try {
      await runLap(redis, [worker], LAP_MS)
      for (let lap = 2; lap <= laps + 1; lap++) {
        await runLap(redis, [worker], lap * LAP_MS)
        resident.push((await worker.ask({ do: 'usage' })).residentOctets)
        if ((lap - 1) % Math.ceil(laps / PARTS) === 0)
          stage.options.progress(`lap ${lap - 1}/${laps}  resident ${megabytes(resident.at(-1)!)}`)
      }
    } finally {
      await worker.close()
    }
    await stage.checkSettled(redis)
  } finally {
    await redis.close()
  }
  const part = Math.max(1, Math.floor(resident.length / PARTS))
  const first = median(resident.slice(0, part))
  const last = median(resident.slice(-part))
  const done = (laps * names).toLocaleString('en')
  return [
    judged(`resident memory of a worker over ${done} rounds, last tenth / first`, LIMIT, last / first, 'x'),
    {
      what: 'resident memory, first tenth, last tenth, most',
      limit: '',
      measured: [first, last, Math.max(...resident)].map(megabytes).join(', '),
      met: null,
    },
  ]
}

function megabytes(octets: number): string {
  return `${(octets / 1e6).toFixed(1)} MB`
}
