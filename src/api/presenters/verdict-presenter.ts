// From a watched domain with its assessment to the verdict on the wire.
import { explain } from '../../core/explain/explain.ts'
import type { InnocentKind } from '../../core/model/assessment.ts'
import type { WatchedDomain } from '../../core/model/watch.ts'
import { presentExplanation } from './explanation-presenter.ts'
import { presentInstant, presentInstantOrNull } from './instant.ts'
import type { LinkMaker } from './links.ts'

/** The verdict of one domain, with its explanation. */
export function presentVerdict(watched: WatchedDomain, links: LinkMaker) {
  const { assessment, watching } = watched
  return {
    ...presentListedVerdict(watched, links),
    explanation: assessment === null ? null : presentExplanation(explain(assessment, watching)),
  }
}

/**
 * A verdict in a page of many: without the explanation, which is longer than all the rest.
 *
 * Before the first committed round there is no assessment: lists are empty, what would be a guess is null.
 */
export function presentListedVerdict(watched: WatchedDomain, links: LinkMaker) {
  const { domain, assessment, network } = watched
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
      ...(evidence.restsOn && { rests_on: [...evidence.restsOn] }),
    })),
    context: (assessment?.context ?? []).map(({ list, entry, effect, matched, explains }) => ({
      list,
      entry,
      effect,
      ...(matched === undefined ? {} : { matched }),
      ...(explains === undefined ? {} : { explains }),
    })),
    features: Object.fromEntries((assessment?.features ?? []).map((feature) => [feature.id, feature.value])),
    panel: (assessment?.panel ?? []).map(({ detector, value, threshold, flags, text }) => ({
      detector,
      value,
      threshold,
      flags,
      ...(text === undefined ? {} : { text }),
    })),
    network: network ?? null,
    model: assessment?.model ?? null,
    links: {
      self: links.verdict(domain),
      ...links.history(domain),
      ...(network ? { network: links.network(network.id) } : {}),
    },
    notes: [...(assessment?.notes ?? [])],
    tags: [...watched.tags],
    added_at: presentInstant(watched.addedAt),
    watching: watched.watching,
    watch_until: presentInstant(watched.watchUntil),
    next_probe_at: watched.watching ? presentInstantOrNull(assessment?.nextProbeAt ?? null) : null,
    resembles: {
      addresses: presentKind(assessment?.innocent?.addresses),
      name_servers: presentKind(assessment?.innocent?.nameServers),
    },
    quiet_since: presentInstantOrNull(assessment?.quietSince ?? null),
    explanation: null,
  }
}

/** Undefined in an assessment that an older version stored. */
function presentKind(innocent: InnocentKind | null | undefined) {
  return innocent ? { kind: innocent.kind, share: Math.round(innocent.share * 1e3) / 1e3 } : null
}
