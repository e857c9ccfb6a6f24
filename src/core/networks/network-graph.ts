// Which flagged names belong together: the networks, kept while names are flagged, cleared and forgotten. Decides membership,
// ids and what is told of it; where it is kept, and who is flagged, is not known here.
import type { FlaggedName, NetworkAgent, NetworkChange, NetworkSummary } from '../model/network.ts'
import type { Policy } from '../policy.ts'

/** A flagged name as it is kept, so that a process that starts later has the same networks. */
export interface KeptMember {
  readonly name: FlaggedName
  /** Id of the network that it is in; null: it belongs to none. */
  readonly network: string | null
  /** Since when it is in there; ms. Null with `network`. */
  readonly joinedAt: number | null
}

/** What changed: to be kept (networks, members, gone) and to be told (changes). */
export interface NetworkNews {
  readonly changes: readonly NetworkChange[]
  readonly networks: readonly NetworkSummary[]
  readonly members: readonly KeptMember[]
  /** Domains that are not kept any more at all. */
  readonly gone: readonly string[]
}

const NO_NEWS: NetworkNews = { changes: [], networks: [], members: [], gone: [] }

/** All networks of an instance. No clock: every `now` and `at` in ms since the epoch. */
export class NetworkGraph {
  readonly policy: Policy

  constructor(policy: Policy) {
    this.policy = policy
  }

  /** Puts back what was kept, before anything is noted. */
  restore(_members: Iterable<KeptMember>, _networks: Iterable<NetworkSummary>): void {}

  /** Takes what a flagged name brings. What is older than what is known, or the same again, changes nothing. */
  note(_name: FlaggedName, _now: number): void {}

  /** The name is not flagged any more: cleared, not taken down. */
  clear(_domain: string, _at: number): void {}

  /** Lets links age out, splits what has come apart, ends what is over. Bounded work a call: call it often. */
  sweep(_now: number): void {}

  /** What changed since the last call, in an order that content decides; one change per network. */
  takeNews(): NetworkNews {
    return NO_NEWS
  }

  networkOf(_domain: string): string | null {
    return null
  }

  get(_id: string): NetworkSummary | null {
    return null
  }

  membersOf(_id: string): readonly string[] {
    return []
  }

  agentsOf(_id: string): readonly NetworkAgent[] {
    return []
  }
}
