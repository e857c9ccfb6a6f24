// One drawn name of the accuracy bench's population: what it is in truth, and the zones that answer for it. How each class is
// drawn is a file of its own; who watches it, and what is counted, is the bench's business.
import type { AddressClass, NameServerClass } from '../../core/detect/model/classes.ts'
import type { FluxType } from '../../core/model/assessment.ts'
import type { AddressPlan } from '../address-plan.ts'
import type { Dice } from '../random.ts'
import type { AuthorityZone } from '../zones/zone.ts'

/**
 * Which half a member belongs to. The model is fitted on `fit` and judged on `report`: other seeds, and other parameters
 * (widths, TTLs, paces, pool sizes, networks and their owners' names are drawn from other ranges).
 */
export type Split = 'fit' | 'report'

export interface Truth {
  readonly fluxType: FluxType | null
  readonly addresses: AddressClass
  readonly nameServers: NameServerClass
}

export interface Member {
  /** The row of the report that it is counted in, for example `double-flux` or `injected-benign-flux`. */
  readonly group: string
  /** An evasion of published detectors (detection literature); counted in rows of its own. */
  readonly isEvasion: boolean
  readonly truth: Truth
  /** The name to watch; a name of `zone`. */
  readonly host: string
  readonly zone: AuthorityZone
  /** Zones that have to be there besides: its CDN's, the DNS hoster's. Without the TLDs and the root. */
  readonly infrastructure: readonly AuthorityZone[]
  readonly plan: AddressPlan
  /** Share of the questions about the name that fail at a resolver (time-out or SERVFAIL), 0…1. */
  readonly failureRatio: number
  /** What was drawn, to print beside a wrong verdict. */
  readonly parameters: Readonly<Record<string, string | number>>
}

/** What a class draws with. Everything is a function of the dice: same seed, same member. */
export interface DrawContext {
  readonly split: Split
  /** Of this member alone. */
  readonly dice: Dice
  /** When the watch begins; ms since the epoch. */
  readonly startAt: number
  readonly plan: AddressPlan
}

/** A group of members; registered in the population's catalogue. */
export interface MemberGroup {
  readonly group: string
  /** For how long a member must be watched to be judged fairly, virtual seconds. */
  readonly watchSeconds: number
  draw(context: DrawContext): Omit<Member, 'group' | 'plan'>
}
