// Parking companies: by the name servers of a parked zone, and the names that its aliases lead to.
// Only name servers that serve nothing but parked names. Left out: domaincontrol.com, name-services.com, dns-parking.com and
// other registrars' defaults, under which millions of ordinary customers are served.
// Misuse: naming one of them beside his own servers buys an attacker nothing, all name servers must be listed. A zone can lie, and
// list only these while its parent delegates to others: where the parent was asked, its names are compared too; where not, the
// lie is worth what a match weighs, on addresses that behave like a parked name's only.
import { from } from './context-list.ts'
import type { ContextList } from './context-list.ts'

export const PARKING: ContextList = {
  list: 'parking',
  explains: 'parking',
  nats: { name: 1, cname: 2, name_server: 2 },
  entries: [
    ...from('Vissers, Joosen and Nikiforakis, “Parking Sensors”, NDSS 2015', [
      'sedoparking.com',
      'bodis.com',
      'above.com',
      'parkingcrew.net',
      'cashparking.com',
      'dsredirection.com',
      'fabulous.com',
      'rookdns.com',
      'voodoo.com',
    ]),
    ...from('the company’s own instructions for parked names', [
      'parklogic.com',
      'afternic.com',
      'parked.com',
      'uniregistrymarket.link',
    ]),
  ],
}
