// A property of the addresses of a pool, read once: how many distinct values there are, in all and at each vantage.
import type { Holder } from './holders.ts'
import type { Member } from './member.ts'
import { operatorOf } from './operator.ts'
import { noneAt } from './seats.ts'
import type { Seats } from './seats.ts'

export interface Distinct {
  /** Known values. */
  readonly distinct: number
  /** Addresses whose value is known. */
  readonly known: number
}

export interface Column extends Distinct {
  /** By vantage, as `Seats.vantages` has them. */
  readonly distinctAt: readonly number[]
  readonly knownAt: readonly number[]
}

export function countAsns(holders: readonly Holder[]): Distinct {
  let distinct = 0
  let known = 0
  for (const { owner, isFirstOfAsn, count } of holders) {
    if (owner.asn === null) continue
    known += count
    if (isFirstOfAsn) distinct += 1
  }
  return { distinct, known }
}

export function countCountries(holders: readonly Holder[]): Distinct {
  const countries = new Set<string>()
  let known = 0
  for (const { owner, count } of holders) {
    if (owner.country === null) continue
    known += count
    countries.add(owner.country)
  }
  return { distinct: countries.size, known }
}

export function operatorColumn(holders: readonly Holder[], { vantages }: Seats): Column {
  const codes = new Map<string, number>()
  const marks = new Marks(vantages, holders.length)
  const knownAt = noneAt(vantages)
  let known = 0
  for (let index = 0; index < holders.length; index += 1) {
    const { owner, count, seenAt } = holders[index]!
    const operator = operatorOf(owner)
    if (operator === null) continue
    known += count
    let code = codes.get(operator)
    if (code === undefined) codes.set(operator, (code = codes.size))
    for (let seat = 0; seat < seenAt.length; seat += 1) {
      if (seenAt[seat] === 0) continue
      knownAt[seat]! += seenAt[seat]!
      marks.set(code, seat)
    }
  }
  return { distinct: codes.size, known, distinctAt: marks.counts, knownAt }
}

export interface NetworkColumn extends Column {
  /** Addresses in each network. */
  readonly sizes: readonly number[]
}

export function networkColumn(members: readonly Member[], { vantages, ofMember }: Seats): NetworkColumn {
  const networks: (string | number)[] = []
  const sizes: number[] = []
  let ofSlash48: Map<string, number> | null = null
  const marks = new Marks(vantages, members.length)
  const knownAt = noneAt(vantages)
  for (let index = 0; index < members.length; index += 1) {
    const { network } = members[index]!
    let code = typeof network === 'number' ? OF_SLASH16[network]! : (ofSlash48?.get(network) ?? 0)
    if (networks[code] !== network) {
      code = networks.push(network) - 1
      sizes.push(0)
      if (typeof network === 'number') OF_SLASH16[network] = code
      else (ofSlash48 ??= new Map()).set(network, code)
    }
    sizes[code]! += 1
    const seats = ofMember[index]!
    for (let at = 0; at < seats.length; at += 1) {
      knownAt[seats[at]!]! += 1
      marks.set(code, seats[at]!)
    }
  }
  return { distinct: sizes.length, known: members.length, distinctAt: marks.counts, knownAt, sizes }
}

// Where each /16 would stand in the list of networks, if it stands there at all: what an earlier list left here is found out by
// looking there (the sparse set of Briggs and Torczon, 1993). So it is never cleared, and nobody can tell that it is kept.
const OF_SLASH16 = new Uint16Array(2 ** 16)

/** Which values each vantage saw, by their numbers, and how many. */
class Marks {
  readonly counts: number[]
  readonly #set: Uint8Array

  /** `most`: values that there can be. */
  constructor(vantages: readonly string[], most: number) {
    this.counts = noneAt(vantages)
    this.#set = new Uint8Array(most * vantages.length)
  }

  set(code: number, seat: number): void {
    const place = code * this.counts.length + seat
    if (this.#set[place] === 1) return
    this.#set[place] = 1
    this.counts[seat]! += 1
  }
}
