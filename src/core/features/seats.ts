// Who of the vantages saw which address of a pool, by numbers: what is counted per vantage is counted by these.
import type { Member } from './member.ts'

export interface Seats {
  /** All vantages that saw a member. */
  readonly vantages: readonly string[]
  /** Per member: the indexes of its vantages. Members that the same vantages saw mostly share one list. */
  readonly ofMember: readonly (readonly number[])[]
}

export function seatMembers(members: readonly Member[]): Seats {
  const vantages: string[] = []
  // Members that the same vantages saw share one list where the series was decoded: it is looked up as a whole.
  const known = new Map<readonly string[], readonly number[]>()
  const ofMember: (readonly number[])[] = []
  let latest: readonly string[] | null = null
  let seats: readonly number[] = []
  for (let index = 0; index < members.length; index += 1) {
    const { vantages: list } = members[index]!
    if (list !== latest) {
      const held = known.get(list)
      seats = held ?? seatsOf(list, vantages)
      if (held === undefined) known.set(list, seats)
      latest = list
    }
    ofMember.push(seats)
  }
  return { vantages, ofMember }
}

/** Vantages without a seat are given one: `vantages` grows. */
function seatsOf(list: readonly string[], vantages: string[]): readonly number[] {
  const seats: number[] = []
  for (const vantage of list) {
    const seat = vantages.indexOf(vantage)
    seats.push(seat >= 0 ? seat : vantages.push(vantage) - 1)
  }
  return seats
}

export interface HeldAt {
  /** Addresses of the family that each vantage saw, as `Seats.vantages` has them. */
  readonly ipv4: readonly number[]
  readonly ipv6: readonly number[]
}

export function countHeld(members: readonly Member[], { vantages, ofMember }: Seats): HeldAt {
  const ipv4 = noneAt(vantages)
  const ipv6 = noneAt(vantages)
  for (let index = 0; index < members.length; index += 1) {
    const counts = members[index]!.family === 4 ? ipv4 : ipv6
    const seats = ofMember[index]!
    for (let at = 0; at < seats.length; at += 1) counts[seats[at]!]! += 1
  }
  return { ipv4, ipv6 }
}

/** A zero for each vantage. */
export function noneAt(vantages: readonly string[]): number[] {
  const counts: number[] = []
  for (let seat = 0; seat < vantages.length; seat += 1) counts.push(0)
  return counts
}
