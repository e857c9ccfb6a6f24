// What the name servers of a benign member are drawn with, and what comes of it.
import type { AddressPlan } from '../address-plan.ts'
import type { AuthorityZone, LabNameServer } from '../zones/zone.ts'
import type { Draws } from './benign-draws.ts'
import type { Split } from './member.ts'

export interface NameServerDraw {
  readonly draws: Draws
  readonly plan: AddressPlan
  readonly split: Split
  /** The zone that they serve. */
  readonly apex: string
  /** The site's addresses when they stand still: its own name servers may be the same machines. */
  readonly steadyAddresses: readonly string[]
  /** When, ms since the epoch, a set that moves does so. */
  readonly movesAt: number
  /** TTL of the servers' addresses. */
  readonly addressTtlSeconds: number
}

export interface NameServerSet {
  readonly servers: readonly LabNameServer[]
  /** The zones that own the servers' names, unless it is the site's own. */
  readonly zones: readonly AuthorityZone[]
  /** The names in the zone's own NS set at a time; without it all of `servers`, always. */
  shownAt?(at: number): readonly string[]
}
