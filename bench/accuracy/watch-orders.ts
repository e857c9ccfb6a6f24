// Which members are watched, and how. Look-alikes outnumber flux five to one, as they do worse in any real feed.
import type { WatchOrder } from './record-watch.ts'
import type { AccuracyOptions } from './options.ts'
import type { Way } from './watch-record.ts'
import { drawMember, MEMBER_GROUPS } from '../../src/lab/population/catalogue.ts'
import type { MemberGroup } from '../../src/lab/population/member.ts'

/** Look-alikes per flux member, all groups together. */
export const LOOK_ALIKES = 5
/** Beside the resolvers, every so many-th member of a group is watched in another way too. */
const EVERY: Readonly<Record<Exclude<Way, 'resolvers'>, number>> = {
  direct: 3,
  'no-names': 6,
  'no-database': 6,
}
/** A Monday at midnight, UTC; members begin at all hours of a week. */
const FIRST_START = Date.UTC(2026, 0, 5)
const BETWEEN_STARTS_MS = 7 * 3_600_000 + 13 * 60_000
const STARTS = 97

/** An order with the group to draw the member from. */
export interface MemberOrder extends WatchOrder {
  readonly group: string
}

export function watchOrders(options: Pick<AccuracyOptions, 'members' | 'split' | 'groups'>): MemberOrder[] {
  const wanted = MEMBER_GROUPS.filter(
    ({ group }) => options.groups.length === 0 || options.groups.includes(group),
  )
  const flux = wanted.filter((group) => isFlux(group, options))
  const benign = wanted.filter((group) => !flux.includes(group))
  const benignMembers = Math.max(
    options.members,
    Math.ceil((LOOK_ALIKES * flux.length * options.members) / Math.max(1, benign.length)),
  )
  return [
    ...flux.flatMap((group) => ordersOf(group, options.members)),
    ...benign.flatMap((group) => ordersOf(group, benignMembers)),
  ]
}

export function groupNamed(name: string): MemberGroup {
  const found = MEMBER_GROUPS.find(({ group }) => group === name)
  if (found === undefined) throw new Error(`no group is called ${name}`)
  return found
}

/** All members of a group are one or the other. */
function isFlux(group: MemberGroup, { split }: Pick<AccuracyOptions, 'split'>): boolean {
  return drawMember(group, split, 0, FIRST_START).truth.fluxType !== null
}

function ordersOf({ group, watchSeconds }: MemberGroup, members: number): MemberOrder[] {
  return Array.from({ length: members }, (_, index) =>
    waysOf(index).map((way) => ({
      group,
      index,
      way,
      startAt: FIRST_START + (index % STARTS) * BETWEEN_STARTS_MS,
      forSeconds: watchSeconds,
    })),
  ).flat()
}

function waysOf(index: number): Way[] {
  const others = (['direct', 'no-names', 'no-database'] as const).filter(
    (way, place) => index % EVERY[way] === place % EVERY[way],
  )
  return ['resolvers', ...others]
}
