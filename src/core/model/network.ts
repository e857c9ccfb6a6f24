// Networks of flagged names, as they are kept and told. Which names belong together is decided in networks/.

/** What one name brings that is flagged, or nearly flux: the agents that it may speak for (taught-agents.ts), and since when. */
export interface FlaggedName {
  readonly domain: string
  readonly agents: readonly NetworkAgent[]
  /** Whether it is flagged and its verdict stands without what it inherited. Only such a name glues others; one that does not is merely listed. */
  readonly standsAlone: boolean
  /** When it was judged; ms since the epoch. An older one than what is known changes nothing. */
  readonly at: number
}

/** An address that serves a flagged name, as itself or as its name server: a botnet's machines do both. */
export interface NetworkAgent {
  /** Canonical text. */
  readonly address: string
  /** When it last served the name; ms. */
  readonly last: number
  /** Names that are not flagged and were seen at it too: strangers. 0 when none are known. */
  readonly strangers: number
}

/** What happened to a network, told once. `left`: members went, without anything of its own left of them. */
export type NetworkChangeKind = 'formed' | 'joined' | 'left' | 'merged' | 'split' | 'ended'

export interface NetworkChange {
  readonly network: string
  readonly change: NetworkChangeKind
  /** Counts the changes of this network, from 1: the same change told twice has the same number. */
  readonly version: number
  readonly at: number
  /** Members that came or went, sorted; at most 50 are named, `count` tells how many they were. */
  readonly domains: readonly string[]
  readonly count: number
  /** `merged`: the networks that it took in · `split`: those that came of it. Else empty. */
  readonly networks: readonly string[]
}

export interface NetworkSummary {
  readonly id: string
  readonly formedAt: number
  readonly changedAt: number
  readonly version: number
  /** When its last two members parted, or another network took it in; null while it lives. */
  readonly endedAt: number | null
  readonly mergedInto: string | null
  readonly splitFrom: string | null
  /** Members now, with those that are merely listed; agents that those have now who stand alone. */
  readonly domains: number
  readonly agents: number
  /** Distinct agents that it ever had, as far as it is known. */
  readonly agentsEver: number
  /** Per day (UTC, ms), the latest 90: agents that no member had before, and members that came who stand alone. Oldest first. */
  readonly growth: readonly {
    readonly day: number
    readonly newAgents: number
    readonly newDomains: number
  }[]
}

/** A name in a network, as it is shown. */
export interface NetworkMember {
  readonly domain: string
  /** Since when it is in there; ms. */
  readonly joinedAt: number
  readonly standsAlone: boolean
  /** Its latest agents, as it was judged last. */
  readonly agents: readonly NetworkAgent[]
}

/** The network of a name, beside its verdict. */
export interface NetworkOfName {
  readonly id: string
  readonly domains: number
  readonly agents: number
}

/** A network in which some name of a registrable domain stands alone. */
export interface StandingNetwork {
  readonly id: string
  /** Distinct registrable domains whose verdicts stand alone in it, that one among them. */
  readonly domains: number
}
