// "They sit in many networks and countries, mostly with consumer access providers."
import { percentOf } from '../../detect/prose-number.ts'
import { countOf } from '../../detect/signs/sign.ts'
import type { Characteristic, Observed } from '../../model/explanation.ts'
import { LEAST_LOOKS, MANY_OPERATORS, MOSTLY } from '../bounds.ts'
import { livelierFamily } from '../readings.ts'
import type { Readings } from '../readings.ts'

export function manyConsumerNetworks(readings: Readings): Characteristic {
  const named = {
    id: 'many-consumer-networks',
    title: 'Many networks and countries, mostly consumer access providers',
  } as const
  const family = livelierFamily(readings)
  const operators = readings.value(`${family}_operators_per_vantage`)
  if (operators === null) {
    const networks = readings.value('a_slash16s_per_vantage')
    const text =
      networks === null
        ? 'The networks of the addresses are not known.'
        : `One vantage saw addresses of ${countOf(networks, '/16 network')}; whose they are is not known.`
    return { ...named, observed: 'unknown', text }
  }
  const share = readings.value(`${family}_access_share`)
  const countries = family === 'a' ? readings.value('a_countries') : null
  const where = countries === null ? '' : `, in ${countOf(countries, 'country', 'countries')}`
  const kind =
    share === null
      ? 'too few of them have an owner whose name tells what kind of network it is'
      : `${percentOf(share)} of those whose owner's name tells are with access providers`
  const text = `One vantage saw addresses of ${countOf(operators, 'operator')}${where}; ${kind}.`
  return { ...named, observed: judge(operators, share, readings.count(`${family}_windows`)), text }
}

function judge(operators: number, share: number | null, looks: number): Observed {
  if (operators < MANY_OPERATORS) return looks >= LEAST_LOOKS ? 'no' : 'unknown'
  if (share === null) return 'unknown'
  return share > MOSTLY ? 'yes' : 'no'
}
