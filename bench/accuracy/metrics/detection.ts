// Whether and when flux was said, group by group, and how that grows with the number of probes.
import { everFlux, firstFlux } from '../watch-record.ts'
import type { Said, WatchRecord } from '../watch-record.ts'
import { quantile, shareOf } from './share.ts'
import type { Share } from './share.ts'

export interface GroupRow {
  readonly group: string
  readonly isEvasion: boolean
  readonly isFlux: boolean
  readonly members: number
  /** `flux` was said at any time. */
  readonly flagged: Share
  /** Of all: the final verdict is `suspicious`. */
  readonly suspicious: Share
  /** Of those whose final verdict is `flux`: its type is the true one. */
  readonly typeRight: Share
  /** Virtual seconds to the first `flux`, of all members: those that were never flagged took for ever. */
  readonly seconds: Quantiles
  /** The same in TTLs of the name's addresses; without names whose TTL is 0. */
  readonly ttls: Quantiles
  /** Probes to the first `flux`. */
  readonly probes: Quantiles
}

/** Infinity where that share of the members was never flagged; null of no members. */
export interface Quantiles {
  readonly median: number | null
  readonly p90: number | null
}

/** One row a group, in order of first appearance. */
export function groupRows(records: readonly WatchRecord[]): GroupRow[] {
  return [...Map.groupBy(records, ({ group }) => group)].map(([group, all]) => ({
    group,
    isEvasion: all[0]!.isEvasion,
    isFlux: all[0]!.truth.fluxType !== null,
    members: all.length,
    flagged: shareOf(all, everFlux),
    suspicious: shareOf(all, ({ last }) => last.verdict === 'suspicious'),
    typeRight: typeRight(all),
    ...delays(all),
  }))
}

/** Of the members that flux and whose final verdict is `flux`: the share with the true type. */
export function typeRight(records: readonly Pick<WatchRecord, 'truth' | 'last'>[]): Share {
  const called = records.filter(({ truth, last }) => truth.fluxType !== null && last.verdict === 'flux')
  return shareOf(called, ({ truth, last }) => last.fluxType === truth.fluxType)
}

export function delays(records: readonly WatchRecord[]): Pick<GroupRow, 'seconds' | 'ttls' | 'probes'> {
  const found = records.map((record) => ({ said: firstFlux(record), ttlSeconds: record.ttlSeconds }))
  return {
    seconds: quantiles(found.map(({ said }) => said?.seconds ?? Infinity)),
    ttls: quantiles(
      found.flatMap(({ said, ttlSeconds }) =>
        ttlSeconds === null || ttlSeconds === 0 ? [] : [(said?.seconds ?? Infinity) / ttlSeconds],
      ),
    ),
    probes: quantiles(found.map(({ said }) => said?.probes ?? Infinity)),
  }
}

/** `flux` was said while no more than so many probes were made. */
export function flaggedWithinProbes(records: readonly Pick<WatchRecord, 'path'>[], probes: number): Share {
  return shareOf(records, ({ path }) => path.some((said) => isFlux(said) && said.probes <= probes))
}

export function flaggedWithinSeconds(records: readonly Pick<WatchRecord, 'path'>[], seconds: number): Share {
  return shareOf(records, ({ path }) => path.some((said) => isFlux(said) && said.seconds <= seconds))
}

function isFlux({ verdict }: Said): boolean {
  return verdict === 'flux'
}

function quantiles(values: readonly number[]): Quantiles {
  return { median: quantile(values, 0.5), p90: quantile(values, 0.9) }
}
