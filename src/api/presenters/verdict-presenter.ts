// From a watched domain with its assessment to the verdict on the wire.
import type { WatchedDomain } from '../../core/model/watch.ts'
import { presentInstant, presentInstantOrNull } from './instant.ts'
import type { LinkMaker } from './links.ts'

/** Before the first committed round there is no assessment: lists are empty, what would be a guess is null. */
export function presentVerdict(watched: WatchedDomain, links: LinkMaker) {
  const { domain, assessment } = watched
  const self = links.verdict(domain)
  return {
    domain,
    verdict: watched.verdict,
    flux_type: assessment?.fluxType ?? null,
    score: assessment?.score ?? null,
    as_of: presentInstantOrNull(assessment?.asOf ?? null),
    first_flagged_at: presentInstantOrNull(watched.firstFlaggedAt),
    rounds: assessment?.rounds ?? 0,
    observed_for_s: assessment?.observedForSeconds ?? 0,
    evidence: (assessment?.evidence ?? []).map((evidence) => ({
      id: evidence.id,
      points_to: evidence.pointsTo,
      weight: evidence.weight,
      value: evidence.value,
      unit: evidence.unit,
      text: evidence.text,
      source: evidence.source,
      about: evidence.about,
    })),
    context: (assessment?.context ?? []).map(({ list, entry, effect }) => ({ list, entry, effect })),
    features: Object.fromEntries((assessment?.features ?? []).map((feature) => [feature.id, feature.value])),
    panel: (assessment?.panel ?? []).map(({ detector, value, threshold, flags }) => ({
      detector,
      value,
      threshold,
      flags,
    })),
    // Networks of domains are not computed yet; the field is in the contract.
    network: null,
    model: assessment?.model ?? null,
    links: { self, observations: self.replace(/verdict$/u, 'observations') },
    notes: [...(assessment?.notes ?? [])],
    tags: [...watched.tags],
    added_at: presentInstant(watched.addedAt),
    watching: watched.watching,
    watch_until: presentInstant(watched.watchUntil),
    next_probe_at: watched.watching ? presentInstantOrNull(assessment?.nextProbeAt ?? null) : null,
  }
}
