// DNS hosting companies: stable name servers that most of the lab's zones use, each in a hosting AS of its own.
import { addressIn } from '../address-plan.ts'
import type { AddressPlan } from '../address-plan.ts'
import type { Dice } from '../random.ts'
import { fixedAddresses, fixedNameServer, frameZone } from './zone-frame.ts'
import type { AuthorityZone, LabNameServer } from './zone.ts'

/** Apexes of the companies and how many servers each has. */
const COMPANIES = [
  { apex: 'quayside-dns.example', servers: 2 },
  { apex: 'plainfield-names.qz', servers: 4 },
  { apex: 'lowland-hosting.zz', servers: 2 },
  { apex: 'terrace-domains.example', servers: 3 },
] as const

export interface DnsHosting {
  readonly zones: readonly AuthorityZone[]
  /** One set of name servers per company. */
  readonly servers: readonly (readonly LabNameServer[])[]
  /** Silent servers, with addresses of their own: a resolver avoids a silent address for every zone. */
  readonly retired: readonly LabNameServer[]
}

export function buildDnsHosting(dice: Dice, plan: AddressPlan): DnsHosting {
  const systems = plan.systemsOf('hosting')
  const servers = COMPANIES.map(({ apex, servers: count }, company) =>
    Array.from({ length: count }, (_, index) =>
      fixedNameServer(`ns${index + 1}.${apex}`, [
        addressIn(systems[company]!, {}, dice, 'dns-hosting', apex, index),
      ]),
    ),
  )
  const retiringCompany = 2
  const retired = [1, 2].map((number) =>
    fixedNameServer(`old${number}.${COMPANIES[retiringCompany].apex}`, [
      addressIn(systems[retiringCompany]!, {}, dice, 'retired', number),
    ]),
  )
  const retiredNames = Object.fromEntries(
    retired.map((server) => [server.name, fixedAddresses(86_400, server.addressesAt(0))]),
  )
  return {
    servers,
    retired,
    zones: COMPANIES.map(({ apex }, company) =>
      frameZone({
        apex,
        nameServers: servers[company]!,
        names: company === retiringCompany ? retiredNames : {},
      }),
    ),
  }
}
