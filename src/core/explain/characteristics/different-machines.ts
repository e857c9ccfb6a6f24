// "Each client is sent to other machines."
import { countOf } from '../../detect/signs/sign.ts'
import type { Characteristic } from '../../model/explanation.ts'
import { GROWING, LEAST_LOOKS } from '../bounds.ts'
import { toHundredths } from '../prose.ts'
import { livelierFamily, typeOfFamily } from '../readings.ts'
import type { Readings } from '../readings.ts'

export function differentMachines(readings: Readings): Characteristic {
  const named = { id: 'different-machines', title: 'Each client is sent to other machines' } as const
  const family = livelierFamily(readings)
  const addresses = readings.count(`${family}_addresses`)
  const growth = readings.value(`${family}_growth`)
  if (addresses === 0) return { ...named, observed: 'unknown', text: 'No address was seen.' }
  const seen = countOf(addresses, `${typeOfFamily(family)} address`, `${typeOfFamily(family)} addresses`)
  if (growth === null) return { ...named, observed: 'unknown', text: `One look so far: ${seen}.` }
  const looks = readings.support(`${family}_growth`)
  const text = `${countOf(looks, 'later look')} brought ${toHundredths(growth)} new addresses each on average; ${seen} in all.`
  if (growth >= GROWING) return { ...named, observed: 'yes', text }
  const isStill = growth === 0 && looks >= LEAST_LOOKS
  return { ...named, observed: isStill ? 'no' : 'unknown', text }
}
