// What the graph of networks hands out, to be kept and to be told. Types only.
import type { FlaggedName, NetworkChange, NetworkSummary } from '../model/network.ts'

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
