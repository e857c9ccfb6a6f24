// The door of the detector: what was seen goes in, a verdict with its reasons comes out. Pure: the same series, facts,
// policy and time give the same assessment, on any machine.
import { findContext } from './detect/context/find-context.ts'
import { ownerShares } from './detect/context/owner-shares.ts'
import { decide } from './detect/decide.ts'
import { currentModel } from './detect/model/current-model.ts'
import { limitsOf } from './detect/notes.ts'
import { posteriorOf } from './detect/posterior.ts'
import { steadyAliases } from './detect/steady-alias.ts'
import { weigh } from './detect/weigh.ts'
import { measureFeatures } from './features/catalogue.ts'
import { viewDomain } from './features/domain-view.ts'
import { FeatureTable } from './features/feature-definition.ts'
import { sensorsOf } from './features/sensors.ts'
import type { Enrichment } from './model/address-facts.ts'
import type { Assessment, VerdictName } from './model/assessment.ts'
import { askPanel } from './panel/catalogue.ts'
import type { Policy } from './policy.ts'
import { nextHostProbe } from './schedule/next-probe.ts'
import { outlookOf } from './schedule/outlook.ts'
import type { DomainSeries } from './series/domain-series.ts'
import { ownFailures, usableOutcomes } from './series/outcome-counts.ts'
import { currentNameServers } from './series/zone-series.ts'

/**
 * Assesses a domain.
 *
 * `now`: ms since the epoch. `previous`: the verdict so far; with it a verdict leaves `flux` or `suspicious` only when the
 * score falls clearly under the bar (hysteresis), without it the bars for entering apply.
 */
export function assess(
  series: DomainSeries,
  enrichment: Enrichment,
  policy: Policy,
  now: number,
  previous: VerdictName | null = null,
): Assessment {
  const model = currentModel()
  const view = viewDomain(series, enrichment, now)
  const features = measureFeatures(view)
  const table = new FeatureTable(features)
  const { host, zone } = series
  const findings = findContext({
    names: [series.domain, ...steadyAliases(host)],
    nameServers:
      zone === null ? [] : [...currentNameServers(zone, now), ...(zone.delegation?.parent?.names ?? [])],
    owners: ownerShares(view),
  })
  const { odds, evidence, context, innocent, quietSince } = weigh(
    model,
    table,
    findings,
    policy,
    now,
    sensorsOf(enrichment.sensors ?? []),
  )
  const observedSeconds = Math.round(((host.lastAt ?? 0) - (host.firstAt ?? 0)) / 1000)
  const decision = decide(
    {
      posterior: posteriorOf(policy.priors, odds),
      nameServersUnread: innocent.nameServers === null,
      rounds: host.rounds,
      observedSeconds,
      freshAnswers: table.count('a_fresh_answers') + table.count('aaaa_fresh_answers'),
      nameServerAnswers: table.count('ns_fresh_answers'),
      usableOutcomes: usableOutcomes(host.outcomes),
      ownFailures: ownFailures(host.outcomes),
      hasAsn: enrichment.hasAsn,
      nameServerOwnersKnown: table.value('ns_access_share') !== null,
      movedAddresses: Math.max(table.count('a_new_addresses'), table.count('aaaa_new_addresses')),
      movedNameServers: table.count('ns_new_addresses'),
      previous,
    },
    policy,
  )
  return {
    domain: series.domain,
    verdict: decision.verdict,
    fluxType: decision.fluxType,
    // Never 1: a model that was fitted on a simulation does not carry certainty, and rounding must not claim it.
    score: Math.min(0.9999, Math.round(decision.score * 1e4) / 1e4),
    asOf: now,
    rounds: host.rounds,
    observedForSeconds: observedSeconds,
    evidence,
    context,
    innocent,
    quietSince,
    features,
    panel: askPanel(view, table),
    notes: [...decision.notes, ...limitsOf(series, table, enrichment)],
    model: model.version,
    nextProbeAt: nextHostProbe(host, outlookOf(series, decision, policy), policy, now),
  }
}
