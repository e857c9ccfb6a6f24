// Sinkholes and seizures: whoever took the name over answers for it now, from a few addresses of his own. A match says nothing
// about what the name was before.
// Known operators only. A word in the name ("sinkhole.") is no entry: anybody can call his name server so.
// Misuse: as for parking, a zone's lie included. A lapsed operator's domain must leave this list.
import { from } from './context-list.ts'
import type { ContextList } from './context-list.ts'

export const SINKHOLES: ContextList = {
  list: 'sinkholes',
  explains: 'parking',
  nats: { cname: 1, name_server: 2 },
  entries: [
    ...from('The Shadowserver Foundation', ['sinkhole.shadowserver.org', 'csof.net']),
    ...from('Kryptos Logic', [
      'kryptoslogicsinkhole.com',
      'kryptoslogicsinkhole.net',
      'kryptoslogicsinkhole.org',
      'kryptoslogicsinkhole.me',
    ]),
    ...from('Microsoft Digital Crimes Unit', ['microsoftinternetsafety.net']),
    ...from('United States authorities', ['seized.gov', 'seizedservers.com']),
    ...from('Arbor Networks ASERT', ['arbor-sinkhole.net']),
    ...from('Team Cymru, Conficker', ['conficker-sinkhole.net']),
    ...from('sinkhole of the Torpig takeover', ['torpig-sinkhole.org']),
    ...from('name servers of seized names, on lists of sinkholes', ['honeybot.us']),
  ],
}
