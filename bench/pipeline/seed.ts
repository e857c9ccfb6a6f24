// Loads watched names into the live state through its public classes, as intake and rounds leave them: scan, domain, host,
// zone, hosts of the name servers, references. What their series say is seed-series.ts'. The one file that writes the store.
import type { Redis } from 'ioredis'
import type { Assessment } from '../../src/core/model/assessment.ts'
import { targetId, type TargetId } from '../../src/core/model/target.ts'
import type { HostSeries } from '../../src/core/series/host-series.ts'
import type { ZoneSeries } from '../../src/core/series/zone-series.ts'
import type { Clock } from '../../src/core/clock.ts'
import { LiveDomains } from '../../src/store/live-domains.ts'
import { LiveScans } from '../../src/store/live-scans.ts'
import { LiveTargets } from '../../src/store/live-targets.ts'
import { VerdictSignal } from '../../src/store/verdict-signal.ts'
import { DEFAULT_POLICY } from '../../src/core/policy.ts'
import { enrichment as OWNERS_KNOWN } from '../assess-names.ts'
import { RESTING_ROUNDS } from '../../src/queue/still-round.ts'
import { assessSeeded, fluxingHost, nameServerHost, settledHost, zoneSeries } from './seed-series.ts'
import { HOSTERS, hosterOf, nameOf, nameServersOf } from './watched-names.ts'

export interface SeedOrder {
  readonly count: number
  readonly kind: 'settled' | 'fluxing'
  /** The first name's index; the names of two orders on one Redis must not overlap. */
  readonly from?: number
  /** When the n-th host is due, ms; its latest round lies one wait before. */
  readonly dueAt: (n: number) => number
  /** When zones are due; ms. Hosts of name servers never are. */
  readonly zoneDueAt?: (n: number) => number
}

export interface Seeder {
  readonly scans: LiveScans
  readonly domains: LiveDomains
  readonly targets: LiveTargets
  readonly clock: Clock
}

/** Far beyond every lap: what is parked there takes no part. */
export const PARKED_MS = 10 * 365 * 86_400_000
const YEAR_SECONDS = 365 * 86_400
const CHUNK = 500

/** On two connections that are the caller's; `subscriber` is not used beyond being there. */
export function seederOn(redis: Redis, subscriber: Redis, clock: Clock): Seeder {
  const targets = new LiveTargets(redis)
  const domains = new LiveDomains({
    redis,
    targets,
    signal: new VerdictSignal(subscriber),
    clock,
    enrichment: OWNERS_KNOWN,
    policy: DEFAULT_POLICY,
  })
  return { targets, domains, scans: new LiveScans({ redis, domains, clock }), clock }
}

/** Resolves when all are in. `onProgress` gets how many names are. */
export async function seed(
  seeder: Seeder,
  order: SeedOrder,
  onProgress: (done: number) => void = () => {},
): Promise<void> {
  const { scans, targets, clock } = seeder
  const { count, from = 0 } = order
  const now = clock.now()
  const parkedAt = now + PARKED_MS
  const servers = Array.from({ length: HOSTERS }, (_, hoster) =>
    nameServersOf(hoster).map((_name, server) => nameServerHost(hoster, server, now)),
  )
  const scan = await scans.open({ tags: [], watchForSeconds: YEAR_SECONDS, intervalSeconds: null })
  for (let start = 0; start < count; start += CHUNK) {
    const numbers = Array.from({ length: Math.min(CHUNK, count - start) }, (_, index) => start + index)
    await scans.add(
      scan,
      numbers.map((n) => nameOf(from + n)),
    )
    await Promise.all(
      numbers.map(async (n) => {
        const index = from + n
        const until = order.dueAt(n)
        const host = order.kind === 'settled' ? settledHost(index, until) : fluxingHost(index, until)
        const zone = zoneSeries(index, order.zoneDueAt?.(n) ?? until)
        const assessment = assessSeeded(order.kind, host, zone, servers[hosterOf(index)]!)
        const zoneDueAt = order.zoneDueAt?.(n) ?? parkedAt
        await writeZone(targets, index, zone, zoneDueAt, parkedAt)
        await writeHost(targets, host, assessment, until)
        if (order.kind === 'settled') await leaveStill(targets, host, n % RESTING_ROUNDS, until)
        await scans.countVerdict(scan, {
          domain: nameOf(index),
          verdict: assessment.verdict,
          version: 1,
          settled: true,
        })
      }),
    )
    onProgress(start + numbers.length)
  }
  for (const series of servers.flat()) await commitShared(targets, series, hostId(series.name), parkedAt, now)
  await scans.seal(scan)
}

function hostId(name: string): TargetId {
  return targetId({ kind: 'host', name })
}

async function writeZone(
  targets: LiveTargets,
  index: number,
  zone: ZoneSeries,
  dueAt: number,
  parkedAt: number,
): Promise<void> {
  const id = targetId({ kind: 'zone', name: zone.name })
  await targets.addReference(id, hostId(nameOf(index)), dueAt)
  for (const server of nameServersOf(hosterOf(index)))
    await targets.addReference(hostId(server), id, parkedAt)
  await commitShared(targets, zone, id, dueAt, zone.lastAt ?? dueAt)
}

async function commitShared(
  targets: LiveTargets,
  series: HostSeries | ZoneSeries,
  id: TargetId,
  nextDueAt: number,
  at: number,
): Promise<void> {
  await targets.commit({
    id,
    expectedRound: 0,
    series: asOfRound(series, 1),
    at,
    nextDueAt,
    earliestNextAt: at,
    observations: [],
    domain: null,
    watchOver: null,
    entries: [],
  })
}

/** So many rounds ago it was assessed: a sixth of the names is assessed in any lap. */
async function leaveStill(
  targets: LiveTargets,
  series: HostSeries,
  rounds: number,
  nextDueAt: number,
): Promise<void> {
  const at = series.lastAt ?? nextDueAt
  await targets.commit({
    id: hostId(series.name),
    expectedRound: 1,
    series: asOfRound(series, 2),
    at,
    nextDueAt,
    earliestNextAt: at,
    observations: [],
    domain: null,
    still: { judgedAgainst: { verdict: 'no_flux_seen', fluxType: null }, rounds },
    watchOver: null,
    entries: [],
  })
}

async function writeHost(
  targets: LiveTargets,
  series: HostSeries,
  assessment: Assessment,
  nextDueAt: number,
): Promise<void> {
  const { verdict, fluxType } = assessment
  const at = series.lastAt ?? nextDueAt
  const result = await targets.commit({
    id: hostId(series.name),
    expectedRound: 0,
    series: asOfRound(series, 1),
    at,
    nextDueAt,
    earliestNextAt: at,
    observations: [],
    domain: {
      judgedAgainst: { verdict: 'pending', fluxType: null },
      verdict,
      fluxType,
      firstFlaggedAt: verdict === 'flux' ? at : null,
      version: 1,
      assessment,
      isAtRest: verdict === 'no_flux_seen',
    },
    watchOver: null,
    entries: [],
  })
  if (result !== 'committed') throw new Error(`${series.name} could not be seeded: ${result}`)
}

/** A round with a number that a series has is not taken into it: the series' number must be the store's. */
function asOfRound<Series extends HostSeries | ZoneSeries>(series: Series, rounds: number): Series {
  return { ...series, rounds }
}
