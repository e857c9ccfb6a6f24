// What happened to networks and members since it was last told, put together to one change a network.
import type { NetworkChange, NetworkChangeKind, NetworkSummary } from '../model/network.ts'
import type { KeptNetwork } from './kept-network.ts'

/** Domains that a change names. */
const MOST_NAMED = 50

interface Happened {
  readonly network: KeptNetwork
  at: number
  hasFormed: boolean
  hasEnded: boolean
  readonly came: Set<string>
  readonly went: Set<string>
  readonly tookIn: Set<KeptNetwork>
  readonly splitInto: Set<KeptNetwork>
}

export class NewsLog {
  readonly #happened = new Map<KeptNetwork, Happened>()

  formed(network: KeptNetwork, at: number): void {
    this.#of(network, at).hasFormed = true
  }

  ended(network: KeptNetwork, at: number): void {
    this.#of(network, at).hasEnded = true
  }

  tookIn(network: KeptNetwork, other: KeptNetwork, at: number): void {
    this.#of(network, at).tookIn.add(other)
  }

  splitInto(network: KeptNetwork, part: KeptNetwork, at: number): void {
    this.#of(network, at).splitInto.add(part)
  }

  /** Who came and went again, or the other way round, did neither. */
  came(network: KeptNetwork, domain: string, at: number): void {
    const { came, went } = this.#of(network, at)
    if (!went.delete(domain)) came.add(domain)
  }

  went(network: KeptNetwork, domain: string, at: number): void {
    const { came, went } = this.#of(network, at)
    if (!came.delete(domain)) went.add(domain)
  }

  /** Its numbers changed, which is kept and not told. */
  touched(network: KeptNetwork, at: number): void {
    this.#of(network, at)
  }

  take(): { readonly changes: readonly NetworkChange[]; readonly networks: readonly NetworkSummary[] } {
    const happened = [...this.#happened.values()]
      // What came and went untold was never there.
      .filter((one) => !isUntold(one))
      .toSorted((a, b) => (a.network.id < b.network.id ? -1 : 1))
    const changes = happened.flatMap((one) => this.#change(one) ?? [])
    const networks = happened.map(({ network }) => network.summary())
    this.#happened.clear()
    return { changes, networks }
  }

  #change(one: Happened): NetworkChange | null {
    const { network, at } = one
    const isKnown = (other: KeptNetwork): boolean => {
      const its = this.#happened.get(other)
      return its === undefined || !isUntold(its)
    }
    const tookIn = [...one.tookIn].filter(isKnown)
    const splitInto = [...one.splitInto].filter(isKnown)
    let kind: NetworkChangeKind
    if (one.hasEnded) kind = 'ended'
    else if (one.hasFormed) kind = 'formed'
    else if (tookIn.length > 0) kind = 'merged'
    else if (splitInto.length > 0) kind = 'split'
    else if (one.came.size > 0) kind = 'joined'
    else if (one.went.size > 0) kind = 'left'
    else return null
    const isAboutLeavers = kind === 'ended' || kind === 'split' || kind === 'left'
    const domains = [...(isAboutLeavers ? one.went : one.came)].toSorted()
    const networks = kind === 'merged' ? tookIn : kind === 'split' ? splitInto : []
    network.version += 1
    network.changedAt = at
    return {
      network: network.id,
      change: kind,
      version: network.version,
      at,
      domains: domains.slice(0, MOST_NAMED),
      count: domains.length,
      networks: networks.map(({ id }) => id).toSorted(),
    }
  }

  #of(network: KeptNetwork, at: number): Happened {
    let one = this.#happened.get(network)
    if (one === undefined) {
      one = {
        network,
        at,
        hasFormed: false,
        hasEnded: false,
        came: new Set(),
        went: new Set(),
        tookIn: new Set(),
        splitInto: new Set(),
      }
      this.#happened.set(network, one)
    }
    one.at = Math.max(one.at, at)
    return one
  }
}

function isUntold({ hasFormed, hasEnded }: Happened): boolean {
  return hasFormed && hasEnded
}
