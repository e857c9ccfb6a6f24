// "Very low TTLs."
import { countOf } from '../../detect/signs/sign.ts'
import type { Characteristic } from '../../model/explanation.ts'
import { LOW_TTL_SECONDS } from '../bounds.ts'
import { livelierFamily, typeOfFamily } from '../readings.ts'
import type { Readings } from '../readings.ts'

export function lowTtl(readings: Readings): Characteristic {
  const named = { id: 'low-ttl', title: 'Very low TTLs' } as const
  const family = livelierFamily(readings)
  // Not every family has the feature in every version: the other one's TTL is better than none.
  const own = readings.value(`${family}_ttl_max`)
  const type = typeOfFamily(own === null ? 'a' : family)
  const ttl = own ?? readings.value('a_ttl_max')
  if (ttl === null) return { ...named, observed: 'unknown', text: 'No TTL of an address was seen.' }
  const largest = `The largest TTL of a fresh ${type} answer was ${countOf(ttl, 'second')}`
  return ttl <= LOW_TTL_SECONDS
    ? {
        ...named,
        observed: 'yes',
        text: `${largest}. Alone it says nothing: half of the benign names are at ${LOW_TTL_SECONDS} s or less.`,
      }
    : { ...named, observed: 'no', text: `${largest}. Slow networks keep such TTLs too.` }
}
