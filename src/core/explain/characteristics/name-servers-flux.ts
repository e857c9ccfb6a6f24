// "The name-server entries flux too."
import { countOf } from '../../detect/signs/sign.ts'
import type { Characteristic } from '../../model/explanation.ts'
import { NAME_SERVER_WATCH_SECONDS, UNRELATED_NAME_SERVERS } from '../bounds.ts'
import type { Readings } from '../readings.ts'

export function nameServersFlux(readings: Readings): Characteristic {
  const named = { id: 'name-servers-flux', title: 'The name-server entries flux too' } as const
  const watched = readings.value('ns_watched') ?? 0
  const added = readings.count('ns_new_addresses')
  if (readings.count('ns_addresses') === 0) {
    return { ...named, observed: 'unknown', text: 'No address of a name server was seen.' }
  }
  if (added === 0 && watched === 0) {
    const text =
      'No name server was seen with two fresh answers yet: whether its addresses change cannot show.'
    return { ...named, observed: 'unknown', text }
  }
  if (added === 0) {
    const isLong = watched >= NAME_SERVER_WATCH_SECONDS
    const text = `No address of a name server changed in ${countOf(watched, 'second')}${isLong ? '' : ', and that is short: they move within hours to days'}.`
    return { ...named, observed: isLong ? 'no' : 'unknown', text }
  }
  const operators = readings.value('ns_operators_per_vantage')
  const names = readings.count('ns_new_names')
  const came = `${countOf(added, 'new address', 'new addresses')} came behind ${countOf(readings.count('ns_changed_hosts'), 'name server')}${names === 0 ? '' : ` and ${countOf(names, 'new name-server name')}`}`
  if (operators === null) {
    return { ...named, observed: 'unknown', text: `${came}; whose networks they are in is not known.` }
  }
  const text = `${came}; one vantage saw them with ${countOf(operators, 'operator')}.`
  if (operators >= UNRELATED_NAME_SERVERS) return { ...named, observed: 'yes', text }
  return { ...named, observed: 'unknown', text: `${text} So do operators of name servers who move.` }
}
