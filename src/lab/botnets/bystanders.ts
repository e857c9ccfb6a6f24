// Names that are in no botnet and share addresses all the same: parked names, customers of CDNs, sites on shared hosting. The
// addresses are common to many of them; that is what makes them bystanders of networks.
import type { AddressPlan } from '../address-plan.ts'
import { addressesIn } from '../address-plan.ts'
import { createDice } from '../random.ts'
import { drawEdge } from '../population/benign-cdn.ts'
import { drawsOf } from '../population/benign-draws.ts'
import { benignMember } from '../population/benign-member.ts'
import { inventApex, inventHost } from '../population/benign-names.ts'
import { systemsWith } from '../population/benign-networks.ts'
import type { Member } from '../population/member.ts'
import { typed } from '../zones/zone-frame.ts'
import { TWO_HOURS } from '../population/watch-times.ts'

export interface BystanderCounts {
  readonly parked: number
  readonly cdn: number
  readonly sharedHosting: number
}

export interface Bystanders {
  readonly members: readonly Member[]
  /** Of each parking company: where all its names are. Seized names are brought there too. */
  readonly parking: readonly (readonly string[])[]
  /** Some addresses of CDNs and shared hosts, for operators who mix in reputable ones. */
  readonly reputable: readonly string[]
}

/** 6 parking companies with 1 to 5 addresses, 12 CDNs, 30 shared hosts. Hand-set. */
const PARKERS = 6
const CDNS = 12
const HOSTS = 30

export function drawBystanders(
  seed: string,
  plan: AddressPlan,
  startAt: number,
  counts: BystanderCounts,
): Bystanders {
  const common = drawsOf(createDice(`${seed} bystanders`))
  const hosting = systemsWith(plan, 'hosting')
  const parking = Array.from({ length: PARKERS }, (_, index) =>
    addressesIn(common.oneOf(hosting, `parker ${index}`), 1 + (index % 5), {}, common.dice, 'parker', index),
  )
  const hosts = Array.from({ length: HOSTS }, (_, index) =>
    addressesIn(common.oneOf(hosting, `host ${index}`), 1, {}, common.dice, 'host', index),
  )
  const edges = Array.from({ length: CDNS }, (_, index) => {
    const draws = drawsOf(createDice(`${seed} cdn ${index}`))
    const operator = draws.oneOf(systemsWith(plan, 'cdn'), 'operator')
    const context = { split: 'report', dice: draws.dice, startAt, plan } as const
    return { operator, edge: drawEdge(context, draws, index % 3 === 0 ? null : operator, 'edge') }
  })

  const member = (group: string, index: number): Member => {
    const dice = createDice(`${seed} ${group} ${index}`)
    const draws = drawsOf(dice)
    const apex = inventApex(draws, 'site')
    const host = inventHost(draws, apex, ['www', 'cdn', 'static', 'shop'])
    const context = { split: 'report', dice, startAt, plan } as const
    const site = { host, apex, watchSeconds: TWO_HOURS, parameters: {} }
    if (group === 'cdn') {
      const { operator, edge } = edges[index % CDNS]!
      const aliases = [`d${index}.${inventApex(draws, 'cdn')}`]
      const drawn = benignMember(context, draws, {
        ...site,
        addresses: 'cdn',
        behaviour: edge.behaviour,
        aliases,
        provider: operator,
      })
      return { ...drawn, group, plan }
    }
    const addresses = group === 'parked' ? parking[index % PARKERS]! : hosts[index % HOSTS]!
    const drawn = benignMember(context, draws, {
      ...site,
      addresses: addresses.length > 1 ? 'round-robin' : 'static',
      behaviour: ({ type }) => (type === 'A' ? typed('A', 300, addresses) : []),
      steadyAddresses: addresses,
    })
    return { ...drawn, group, plan }
  }
  const all = (group: string, count: number): Member[] =>
    Array.from({ length: count }, (_, index) => member(group, index))
  return {
    members: [
      ...all('parked', counts.parked),
      ...all('cdn', counts.cdn),
      ...all('shared-hosting', counts.sharedHosting),
    ],
    parking,
    reputable: [
      ...hosts.flat(),
      ...edges.flatMap(({ edge }) =>
        edge.behaviour({ name: '', type: 'A' }, { at: startAt, region: 'eu' }).map(({ data }) => data),
      ),
    ],
  }
}
