// Whether new addresses come by the hour of the day: agents at home are switched off at night.
import type { HourlyNews } from '../series/hourly-news.ts'
import { UNMEASURED } from './feature-definition.ts'
import type { FeatureDefinition, Measured } from './feature-definition.ts'

/** Two days: one would take every trend for a cycle. */
const LEAST_MS = 48 * 3_600_000
/** Hours of the day in which somebody asked; an hour without a look has no rate. */
const LEAST_HOURS = 20
/** New addresses under which the directions of chance are as long as a cycle: about 1/√n. */
const LEAST_NEWS = 24

/**
 * Length of the mean direction of the hours, each weighed by its rate of new addresses per fresh look: |Σ r e^(2πih/24)| ÷ Σ r.
 *
 * Unit: ratio 0…1; 0 when they come evenly, 1 when all come in one hour of the day. Undefined before 48 h of counting, under 20
 * hours of the day with a look, or under 24 new addresses. Support: new addresses.
 * Source: the cycle is of Nazario and Holz, MALWARE 2008, figure 2; the resultant length is Mardia and Jupp, Directional Statistics.
 */
export function measureDiurnalCoherence(hours: HourlyNews | null, lastAt: number | null): Measured {
  if (hours === null || lastAt === null) return UNMEASURED
  const support = hours.news.reduce((sum, news) => sum + news, 0)
  const asked = hours.looks.reduce((sum, looks) => sum + (looks > 0 ? 1 : 0), 0)
  if (lastAt - hours.since < LEAST_MS || asked < LEAST_HOURS || support < LEAST_NEWS) {
    return { value: null, support }
  }
  let east = 0
  let north = 0
  let total = 0
  for (const [hour, news] of hours.news.entries()) {
    const looks = hours.looks[hour]!
    if (looks === 0) continue
    const angle = (hour / 24) * 2 * Math.PI
    east += (news / looks) * Math.cos(angle)
    north += (news / looks) * Math.sin(angle)
    total += news / looks
  }
  return { value: Math.hypot(east, north) / total, support }
}

export const diurnal: readonly FeatureDefinition[] = [
  {
    id: 'a_diurnal_coherence',
    unit: 'ratio',
    meaning:
      'How much the new A addresses keep to hours of the day: 0 evenly, 1 all in one hour; after 48 h and 24 new addresses.',
    direction: 'flux',
    source: 'Nazario and Holz, MALWARE 2008, figure 2 (Storm’s day)',
    blindSpot: 'A world-wide network evens out, and CDNs add servers by day.',
    measure: ({ series: { host } }) => measureDiurnalCoherence(host.hours, host.lastAt),
  },
]
