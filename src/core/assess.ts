// The door of the detector: what was seen goes in, a verdict with its reasons comes out. Pure: the same series, facts,
// policy and time give the same assessment, on any machine.
import { EVIDENCE_CATALOGUE } from './detect/evidence/catalogue.ts'
import { applyRule } from './detect/evidence-rule.ts'
import { matchContext } from './detect/context-list.ts'
import { decide } from './detect/decide.ts'
import { isStillReplacing, unrelatedNetworks } from './detect/network-diversity.ts'
import { limitsOf } from './detect/notes.ts'
import { applyContext, posteriorOf, sumEvidence } from './detect/posterior.ts'
import { steadyAliases } from './detect/steady-alias.ts'
import { measureFeatures } from './features/catalogue.ts'
import { viewDomain } from './features/domain-view.ts'
import { FeatureTable } from './features/feature-definition.ts'
import type { Enrichment } from './model/address-facts.ts'
import type { Assessment, Evidence, VerdictName } from './model/assessment.ts'
import { askPanel } from './panel/catalogue.ts'
import { MODEL_VERSION } from './policy.ts'
import type { Policy } from './policy.ts'
import { nextHostProbe } from './schedule/next-probe.ts'
import type { DomainSeries } from './series/domain-series.ts'
import { ownFailures, usableOutcomes } from './series/outcome-counts.ts'

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
  const features = measureFeatures(viewDomain(series, enrichment, now))
  const table = new FeatureTable(features)
  const evidence = EVIDENCE_CATALOGUE.map((rule) => applyRule(rule, table))
    .filter((piece) => piece !== null)
    .toSorted(heaviestFirst)
  const { host } = series
  const { odds, context } = applyContext(
    sumEvidence(evidence),
    matchContext([series.domain, ...steadyAliases(host)]),
    policy.priors,
    policy.doubleAssurance,
  )
  const observedSeconds = Math.round(((host.lastAt ?? 0) - (host.firstAt ?? 0)) / 1000)
  const decision = decide(
    {
      posterior: posteriorOf(policy.priors, odds),
      rounds: host.rounds,
      observedSeconds,
      freshAnswers: table.count('a_fresh_answers') + table.count('aaaa_fresh_answers'),
      nameServerAnswers: table.count('ns_fresh_answers'),
      usableOutcomes: usableOutcomes(host.outcomes),
      ownFailures: ownFailures(host.outcomes),
      hasAsn: enrichment.hasAsn,
      movesUnexplained:
        context.length === 0 &&
        isStillReplacing(table) &&
        unrelatedNetworks(table) >= policy.unsettledNetworks,
      previous,
    },
    policy,
  )
  const settled = decision.verdict !== 'pending' && decision.verdict !== 'suspicious'
  return {
    domain: series.domain,
    verdict: decision.verdict,
    fluxType: decision.fluxType,
    // Never 1: hand-set weights do not carry certainty, and rounding must not claim it.
    score: Math.min(0.9999, Math.round(decision.score * 1e4) / 1e4),
    asOf: now,
    rounds: host.rounds,
    observedForSeconds: observedSeconds,
    evidence,
    context,
    features,
    panel: askPanel(table),
    notes: [...decision.notes, ...limitsOf(series, table, enrichment)],
    model: MODEL_VERSION,
    nextProbeAt: nextHostProbe(host, settled, policy, now),
  }
}

function heaviestFirst(a: Evidence, b: Evidence): number {
  return Math.abs(b.weight) - Math.abs(a.weight) || (a.id < b.id ? -1 : 1)
}
