// "Hosts, proxies and name servers all run on the botnet."
import { shareOf } from '../../detect/prose-number.ts'
import type { Characteristic } from '../../model/explanation.ts'
import { SHARED_ROLES } from '../bounds.ts'
import type { Readings } from '../readings.ts'

export function sharedRoles(readings: Readings): Characteristic {
  const named = { id: 'shared-roles', title: 'The same machines serve the site and its DNS' } as const
  const overlap = readings.value('ns_overlap')
  if (overlap === null) {
    return {
      ...named,
      observed: 'unknown',
      text: 'It takes four addresses of the name and four of its name servers to compare the two.',
    }
  }
  const text = `${shareOf(overlap, readings.support('ns_overlap'), 'name-server addresses')} are addresses of the name too.`
  if (overlap >= SHARED_ROLES) return { ...named, observed: 'yes', text }
  return { ...named, observed: overlap === 0 ? 'no' : 'unknown', text }
}
