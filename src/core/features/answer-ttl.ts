// The TTL of the answers. Neither its length nor its spread tells flux from a CDN: half of the benign names have 300 s or less.
import type { HostView } from '../series/host-view.ts'
import { A, inBothFamilies } from './address-family.ts'
import { UNMEASURED } from './feature-definition.ts'
import type { FeatureDefinition, Measured } from './feature-definition.ts'
import type { Pool } from './pool.ts'

/** Largest TTL of a fresh answer. Unit: seconds. Support: fresh answers; undefined without one. */
export function measureLongestTtl(pool: Pool): Measured {
  if (pool.views.length === 0) return UNMEASURED
  return { value: longest(pool.views), support: pool.freshAnswers }
}

/**
 * The vantages whose answers no cache held (they asked authorities, or the TTL is 0), else all. An authority's TTL is as it was set;
 * a cache's has been counted down by the time that its copy is seen for the first time.
 */
function bestWitnesses({ views }: Pool): readonly HostView[] {
  const uncached = views.filter((view) => view.caches === 0)
  return uncached.length > 0 ? uncached : views
}

function longest(views: readonly HostView[]): number {
  return views.reduce((most, view) => Math.max(most, view.ttlMaxSeconds), 0)
}

function shortest(views: readonly HostView[]): number {
  return views.reduce((least, view) => Math.min(least, view.ttlMinSeconds), Infinity)
}

export const answerTtl: readonly FeatureDefinition[] = [
  ...inBothFamilies(({ prefix, type, pool }) => [
    {
      id: `${prefix}_ttl_max`,
      unit: 'seconds',
      meaning: `Largest TTL of a fresh ${type} answer: a lower bound of what the authority set.`,
      direction: 'either',
      source: 'Holz et al., NDSS 2008, who reject it as a feature',
      blindSpot: 'Resolvers cap TTLs, and count them down before we see them.',
      measure: (view) => measureLongestTtl(pool(view)),
    },
  ]),
  {
    id: 'a_ttl_min',
    unit: 'seconds',
    meaning:
      'Smallest TTL of a fresh A answer, of those vantages whose answers no cache counts down where there are any: an upper bound of what the authority set.',
    direction: 'none',
    source: 'Holz et al., NDSS 2008; Nazario and Holz, MALWARE 2008, rule 1',
    blindSpot: 'Where only caches were asked, a copy that was about to expire makes it small.',
    measure: (view) => {
      const views = bestWitnesses(A.pool(view))
      return views.length === 0 ? UNMEASURED : { value: shortest(views), support: view.a.freshAnswers }
    },
  },
  {
    id: 'a_ttl_spread',
    unit: 'seconds',
    meaning: 'Largest less smallest TTL of the fresh A answers of the same vantages as a_ttl_min.',
    direction: 'none',
    source: 'ours, after the TTL variance of the passive detectors',
    blindSpot: 'Where only caches were asked it is mostly how long their copies had been held.',
    measure: (view) => {
      const views = bestWitnesses(A.pool(view))
      if (views.length === 0) return UNMEASURED
      return { value: longest(views) - shortest(views), support: view.a.freshAnswers }
    },
  },
  {
    id: 'ns_ttl_max',
    unit: 'seconds',
    meaning: 'Largest TTL of a fresh address answer for a name server, glue included.',
    direction: 'either',
    source:
      'Konte et al., PAM 2009: of almost all fluxing zones over a day; SAC 025 names short ones as a sign',
    blindSpot: 'The glue’s TTL is the registry’s, whatever the zone sets.',
    measure: (view) => measureLongestTtl(view.nameServerPool),
  },
]
