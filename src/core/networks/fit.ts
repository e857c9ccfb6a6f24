// Which network a single name fits, judged by the shapes as they were at the last grouping: quick, and good enough until the next.
import { SPEAKERS, densityOf, isEnough, overlap, voteOf } from './pool-overlap.ts'
import type { GraphMembers } from './graph-members.ts'
import type { KeptNetwork } from './kept-network.ts'
import { LEAST_SHARED } from './link-weight.ts'

export interface Fit {
  /** The network that it fits best; null when there is none. */
  readonly network: KeptNetwork | null
  /** Pairs of the name's agents and the network's that are the same; weighted. */
  readonly meetings: number
  readonly volume: number
  /** Whether nothing else has so much in common with it that only a grouping can tell. */
  readonly isClear: boolean
}

interface InCommon {
  meetings: number
  shared: number
  vote: number
}

interface Ties {
  readonly networks: ReadonlyMap<KeptNetwork, InCommon>
  /** Number of a member that is in none → what is shared with it, weighted. */
  readonly lone: ReadonlyMap<number, number>
  /** Of the addresses that somebody has. */
  readonly volume: number
}

/**
 * `addresses`: numbers of those that some name has · `strangeAddresses`: how many more the name has, which nobody else does · `self`: a
 * member that is left out, -1 for none.
 */
export function fitOf(
  addresses: readonly number[],
  strangeAddresses: number,
  self: number,
  members: GraphMembers,
  containment: number,
): Fit {
  const { networks, lone, volume: found } = tiesOf(addresses, self, members)
  const volume = strangeAddresses + found
  let best: KeptNetwork | null = null
  let ties = [...lone.values()].filter((shared) => shared >= LEAST_SHARED).length
  for (const [network, common] of networks) {
    if (common.shared >= LEAST_SHARED) ties += 1
    const strength = overlap(common.meetings, volume, network.shape.volume, densityOf(network.shape))
    if (!isEnough(strength, common.shared, containment)) continue
    const than = best === null ? null : networks.get(best)!
    if (than === null || common.vote > than.vote || (common.vote === than.vote && network.id < best!.id)) {
      best = network
    }
  }
  return {
    network: best,
    meetings: best === null ? 0 : networks.get(best)!.meetings,
    volume,
    isClear: ties === 0 || (best !== null && ties === 1),
  }
}

/** What a name of these addresses has in common with each network, and with each name that is in none. */
function tiesOf(addresses: readonly number[], self: number, members: GraphMembers): Ties {
  const { links } = members
  const networks = new Map<KeptNetwork, InCommon>()
  const lone = new Map<number, number>()
  const here = new Map<KeptNetwork, number>()
  let volume = 0
  for (const address of addresses) {
    const weight = links.weightOf(address)
    volume += weight
    if (weight === 0) continue
    here.clear()
    let looked = 0
    for (let link = links.firstOfAddress(address); link !== 0; link = links.nextOfAddress(link)) {
      const number = links.memberOf(link)
      if (number === self) continue
      if (looked === SPEAKERS) break
      looked += 1
      const { network } = members.at(number)
      if (network === null) lone.set(number, (lone.get(number) ?? 0) + weight)
      else here.set(network, (here.get(network) ?? 0) + 1)
    }
    const names = links.namesAt(address) - (self === -1 ? 0 : 1)
    for (const [network, counted] of here) {
      const there = (counted * names) / looked
      let common = networks.get(network)
      if (common === undefined) networks.set(network, (common = { meetings: 0, shared: 0, vote: 0 }))
      common.meetings += weight * Math.min(there, network.shape.cap)
      common.shared += weight
      common.vote += voteOf(weight, there, names + 1)
    }
  }
  return { networks, lone, volume }
}
