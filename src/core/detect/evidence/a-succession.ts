// How a moving set moves. Replaced one by one and never back: agents that die. A new draw each time, or the same ones
// again and again: a pool that somebody keeps.
import type { EvidenceRule } from '../evidence-rule.ts'
import { isMoving } from '../network-diversity.ts'
import { percentOf } from '../prose-number.ts'

/** Windows after the first, at each vantage, before it is said that addresses come back or go for good. */
const LEAST_WINDOWS_EACH = 3
/** Sightings after the first window before an answer can be called a new draw; a wide answer shows it at once. */
const LEAST_SIGHTINGS = 12
/** Addresses beyond one answer's width before it is said that they are replaced. */
const LEAST_REPLACED = 3

export const aSuccession: EvidenceRule = {
  id: 'a-succession',
  about: 'addresses',
  feature: 'a_continuing_share',
  unit: 'ratio',
  capNats: 3.5,
  source:
    'Lifetimes and recurrence after Holz et al., NDSS 2008, and random draws of the NTP pool (ntppool DnsRoot.pm); weights hand-set, unvalidated',
  weigh(features) {
    const continuing = features.value('a_continuing_share')
    const returning = features.value('a_returning_share')
    const windows = features.support('a_continuing_share')
    if (continuing === null || returning === null || !isMoving(features)) return null
    const width = features.value('a_width_mean') ?? 0
    if (width * windows < LEAST_SIGHTINGS) return null
    const shares = `${percentOf(continuing)} of a look's addresses were in the look before, ${percentOf(returning)} came back after an absence (${windows} looks)`
    if (continuing < 0.25) {
      const text = `Each answer is a new draw from a pool: ${shares}.`
      if (width >= 2) return { weight: -3.5, text }
      // One address an answer can hardly stay. Uncached it is a shape of flux (a-one-address), cached more likely a pool's.
      return (features.value('a_ttl_max') ?? 0) > 10 ? { weight: returning > 0.2 ? -2.5 : -1.5, text } : null
    }
    if (windows < LEAST_WINDOWS_EACH * features.count('a_vantages')) return null
    if (returning > 0.2) return { weight: -1.5, text: `Known addresses keep coming back: ${shares}.` }
    if (continuing >= 0.4 && returning <= 0.1 && features.count('a_addresses') - width >= LEAST_REPLACED) {
      return { weight: 1.5, text: `Addresses are replaced for good, a few at a time: ${shares}.` }
    }
    return null
  },
}
