// The delegation of a zone as the `direct` vantage sees it: what the parent says beside what the child says, and how often
// the parent's word changed before its own TTL was over. Resolvers keep glue for days; here NS flux beneath it shows.
// Bounded like everything else: names and addresses of the latest look, and of the glue a small host series per name server.
import { addToBottomK, emptyBottomK } from './bottom-k.ts'
import type { BottomK } from './bottom-k.ts'
import { countFittingNames, glueOf, isReferral, readDelegation } from './delegation-look.ts'
import type { DelegationSide, NameServerAddresses } from './delegation-look.ts'
import { foldHostRound, newHostSeries } from './host-series.ts'
import type { HostSeries } from './host-series.ts'
import { mergeSeenName, weighName } from './seen-name.ts'
import type { SeenName } from './seen-name.ts'
import { isFromAuthority } from './vantage-look.ts'
import type { Observation, ProbeRound } from '../model/observation.ts'

/** Name servers whose glue is remembered; the 13 that a classic referral holds. */
export const GLUE_HOSTS = 13
/** Room for the glue addresses of a name server: 16 of A, half as many of AAAA. Above that totals are estimates. */
export const GLUE_ADDRESS_LIMIT = 16
/** Room for the names of lame servers: 16 of up to 32 characters, fewer where they are longer. */
export const LAME_LIMIT = 16

export interface DelegationSeries {
  /** Vantages that asked authorities, sorted. */
  readonly vantages: readonly string[]
  /** Rounds in which some authority said something about the delegation. */
  readonly rounds: number
  /** Rounds in which the parent gave the NS set. */
  readonly looks: number
  /** The latest that each side said; null until it said something. */
  readonly parent: DelegationSide | null
  readonly child: DelegationSide | null
  /** Looks in which the parent gave a name server, or an address for one, that was not there at the look before. */
  readonly changes: number
  /** Of those: looks in which the addresses of a name server changed. */
  readonly glueChanges: number
  /** Of the changes: those that came while the look before was still to be valid, by its TTL. */
  readonly changesWithinTtl: number
  /** The addresses that the parent gave for each name server, by its name: host series whose vantages end in ` (parent)`. */
  readonly glue: readonly HostSeries[]
  /** Servers that were listed and did not serve the zone. Times are starts of rounds. */
  readonly lame: BottomK<SeenName>
}

const NOTHING: DelegationSeries = {
  vantages: [],
  rounds: 0,
  looks: 0,
  parent: null,
  child: null,
  changes: 0,
  glueChanges: 0,
  changesWithinTtl: 0,
  glue: [],
  lame: emptyBottomK(LAME_LIMIT),
}

/** The delegation with one more round; as it was (or null) when the round holds no word of an authority about it. */
export function foldDelegation(
  series: DelegationSeries | null,
  zone: string,
  round: ProbeRound,
): DelegationSeries | null {
  const { parent, child, lame } = readDelegation(zone, round.observations)
  if (parent === null && child === null && lame.length === 0) return series
  const held = series ?? NOTHING
  const heard = parent === null ? held : foldParent(held, zone, parent, round)
  const asked = round.observations.filter(isFromAuthority).map(({ vantage }) => vantage)
  return {
    ...heard,
    vantages: [...new Set([...held.vantages, ...asked])].toSorted(),
    rounds: held.rounds + 1,
    child: child ?? held.child,
    lame: addToBottomK(
      held.lame,
      lame.map((key) => ({ key, first: round.startedAt, last: round.startedAt, count: 1 })),
      mergeSeenName,
      weighLame,
    ),
  }
}

/** Of the limit of the lame servers. */
export function weighLame({ key }: SeenName): number {
  return weighName(key, LAME_LIMIT)
}

function foldParent(
  held: DelegationSeries,
  zone: string,
  parent: DelegationSide,
  round: ProbeRound,
): DelegationSeries {
  const names = held.parent === null ? NO_CHANGE : changedNames(held.parent, parent)
  const glue = held.parent === null ? NO_CHANGE : changedGlue(held.parent, parent)
  return {
    ...held,
    looks: held.looks + 1,
    parent,
    changes: held.changes + (names.changed || glue.changed ? 1 : 0),
    glueChanges: held.glueChanges + (glue.changed ? 1 : 0),
    changesWithinTtl: held.changesWithinTtl + (names.early || glue.early ? 1 : 0),
    glue: foldGlue(held.glue, zone, parent, round),
  }
}

interface Change {
  readonly changed: boolean
  /** It came before the TTL of what was there had run out. */
  readonly early: boolean
}

const NO_CHANGE: Change = { changed: false, early: false }

function changedNames(before: DelegationSide, after: DelegationSide): Change {
  const changed = after.names.some((name) => !before.names.includes(name))
  return { changed, early: changed && isWithin(before.ttlSeconds, before, after) }
}

/** A name server that had no glue of that family before has not changed: referrals leave glue out where room is short. */
function changedGlue(before: DelegationSide, after: DelegationSide): Change {
  const known = new Map(before.hosts.map((host) => [host.name, host]))
  const moved = after.hosts
    .map(({ name, addresses }) => ({ host: known.get(name), addresses }))
    .filter(({ host, addresses }) => host !== undefined && hasNewAddress(host, addresses))
  return {
    changed: moved.length > 0,
    early: moved.some(({ host }) => isWithin(host!.ttlSeconds, before, after)),
  }
}

function hasNewAddress(before: NameServerAddresses, addresses: readonly string[]): boolean {
  return addresses.some(
    (address) =>
      !before.addresses.includes(address) && before.addresses.some((one) => isIpv6(one) === isIpv6(address)),
  )
}

function isIpv6(address: string): boolean {
  return address.includes(':')
}

function isWithin(ttlSeconds: number, before: DelegationSide, after: DelegationSide): boolean {
  return after.at < before.at + ttlSeconds * 1000
}

/** Each name server's glue is folded like a host that the parent's servers answer for. */
function foldGlue(
  held: readonly HostSeries[],
  zone: string,
  parent: DelegationSide,
  round: ProbeRound,
): readonly HostSeries[] {
  const answers = round.observations
    .filter((observation) => isReferral(zone, observation))
    .flatMap((referral) => glueAnswers(zone, referral))
  const byName = new Map(held.map((host) => [host.name, host]))
  for (const [name, observations] of Map.groupBy(answers, ({ qname }) => qname)) {
    const host = byName.get(name) ?? {
      ...newHostSeries(name),
      addresses: emptyBottomK(GLUE_ADDRESS_LIMIT),
    }
    const target = { kind: 'host', name } as const
    const { startedAt } = round
    byName.set(name, foldHostRound(host, { target, number: host.rounds + 1, startedAt, observations }))
  }
  const ranked = [...byName.values()].toSorted(
    (a, b) => rank(a, parent) - rank(b, parent) || b.lastAt! - a.lastAt! || (a.name < b.name ? -1 : 1),
  )
  const fitting = countFittingNames(ranked.map((host) => host.name))
  return ranked.slice(0, Math.min(fitting, GLUE_HOSTS)).toSorted((a, b) => (a.name < b.name ? -1 : 1))
}

/** Name servers that are listed now come before those that were. */
function rank(host: HostSeries, parent: DelegationSide): number {
  return parent.names.includes(host.name) ? 0 : 1
}

function glueAnswers(zone: string, referral: Observation): readonly Observation[] {
  const sets = Map.groupBy(glueOf(zone, referral), ({ name, type }) => `${type} ${name}`)
  return [...sets.values()].map((answer) => {
    const { name, type } = answer[0]!
    return {
      ...referral,
      vantage: parentSideOf(referral.vantage),
      qname: name,
      qtype: type as 'A' | 'AAAA',
      outcome: 'answer',
      answer,
      authority: [],
      additional: [],
    }
  })
}

/** The parent is a witness of its own: glue that differs from what the child says is no change. */
function parentSideOf(vantage: string): string {
  return `${vantage} (parent)`
}
