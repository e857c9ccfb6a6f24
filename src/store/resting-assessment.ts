// The assessment of a domain at rest: its rounds bring nothing new, so none is stored, and it is made from the series when
// somebody reads it. The verdict itself is not made anew here: what was told stands until a round changes it.
import { assess } from '../core/assess.ts'
import type { Enrichment } from '../core/model/address-facts.ts'
import type { Assessment } from '../core/model/assessment.ts'
import { targetId } from '../core/model/target.ts'
import type { Policy } from '../core/policy.ts'
import { zoneOf } from '../core/schedule/zone-of.ts'
import { currentNameServers } from '../core/series/zone-series.ts'
import type { LiveTargets } from './live-targets.ts'
import { seriesOfRecord, type SubmittedDomain, type TargetRecord } from './target-record.ts'

export interface RestingParts {
  readonly targets: Pick<LiveTargets, 'seriesOf' | 'hasten' | 'dueAt'>
  readonly enrichment: Enrichment
  readonly policy: Policy
}

const CHANGED_SINCE =
  'Since the latest look the evidence has come to weigh otherwise; the next look is hastened and decides.'

/**
 * As of the latest round, from the series of the name, its zone and its name servers. Null without a series. Where the evidence
 * would say something else by now (other address databases, name servers that moved), the verdict and the score stay what
 * they are, a note says so, and the name's next round is hastened.
 */
export async function assessResting(
  domain: string,
  record: TargetRecord,
  submitted: SubmittedDomain,
  { targets, enrichment, policy }: RestingParts,
): Promise<Assessment | null> {
  const id = targetId({ kind: 'host', name: domain })
  const host = seriesOfRecord(record, id)
  if (host?.kind !== 'host') return null
  const asOf = record.committedAt
  const shared = await targets.seriesOf(targetId({ kind: 'zone', name: zoneOf(domain) }))
  const zone = shared?.kind === 'zone' ? shared : null
  const names = zone ? currentNameServers(zone, asOf) : []
  const companions = await Promise.all(
    names.map((name) => targets.seriesOf(targetId({ kind: 'host', name }))),
  )
  const nameServers = companions.filter((series) => series?.kind === 'host')
  const { intervalSeconds, verdict, fluxType, score } = submitted
  const assessed = assess(
    { domain, host, zone, nameServers },
    enrichment,
    intervalSeconds === null ? policy : { ...policy, intervalSeconds },
    asOf,
    verdict,
  )
  const isOther = assessed.verdict !== verdict
  if (isOther) await targets.hasten(id, asOf)
  const nextProbeAt = (await targets.dueAt(id, record.tenant)) ?? assessed.nextProbeAt
  if (!isOther) return { ...assessed, nextProbeAt }
  return { ...assessed, verdict, fluxType, score, nextProbeAt, notes: [...assessed.notes, CHANGED_SINCE] }
}
