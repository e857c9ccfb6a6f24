// Whether the zone changes faster than its own TTL promises: the one sign of rotation that needs no long watch, and that the
// length of the TTL does not explain.
import { inBothFamilies } from './address-family.ts'
import { UNMEASURED } from './feature-definition.ts'
import type { FeatureDefinition, Measured } from './feature-definition.ts'
import type { Pool } from './pool.ts'

/**
 * Fresh looks with an address that the vantage had never given ÷ fresh looks that came while an earlier answer of that vantage was
 * still valid by its own TTL. Two answers whose validity overlaps were given less than one TTL apart, whoever held them.
 *
 * Unit: ratio 0…1. Undefined without such a look (always at TTL 0, and mostly at a single cache). Support: such looks.
 * Source: Konte et al., PAM 2009; "never given" instead of "other", so that authorities that take turns do not count.
 */
export function measureChangesWithinTtl({ views }: Pool): Measured {
  let looks = 0
  let changes = 0
  for (const view of views) {
    looks += view.looksWithinTtl
    changes += view.changesWithinTtl
  }
  return looks === 0 ? UNMEASURED : { value: changes / looks, support: looks }
}

export const changeWithinTtl: readonly FeatureDefinition[] = inBothFamilies(({ prefix, type, pool }) => [
  {
    id: `${prefix}_changes_within_ttl`,
    unit: 'ratio',
    meaning: `Share of the fresh looks within the TTL of an earlier ${type} answer that brought an address the vantage had never given.`,
    direction: 'flux',
    source: 'Konte et al., PAM 2009',
    blindSpot:
      'Zones that draw at random for each question do so too, and caches that are answered by region show each region’s addresses once.',
    measure: (view) => measureChangesWithinTtl(pool(view)),
  },
])
