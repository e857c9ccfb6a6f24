// Parking companies: by the name servers of a parked zone, and the names that its aliases lead to.
// Only name servers that serve nothing but parked names. Left out: domaincontrol.com, name-services.com, dns-parking.com and
// other registrars' defaults, under which millions of ordinary customers are served.
// Misuse: all name servers of the zone, the parent's and its own, must be listed, and then it is the parking company that
// answers. Naming one of them beside his own servers buys an attacker nothing.
import { from } from './context-list.ts'
import type { ContextList } from './context-list.ts'

export const PARKING: ContextList = {
  list: 'parking',
  explains: 'parking',
  nats: { name: 1, cname: 2, name_server: 2.5 },
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
