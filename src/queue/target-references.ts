// Which shared targets are needed, and by whom: a watched host refers to its zone, a zone to the hosts of its name servers.
// Decides when a reference is made, taken back or dropped; when that happens in a round is probe-round.ts.
import { targetId, type Target, type TargetId } from '../core/model/target.ts'
import { zoneOf } from '../core/schedule/zone-of.ts'
import { currentNameServers, type ZoneSeries } from '../core/series/zone-series.ts'
import type { RoundLane, RoundParts, RoundStore, RoundTarget } from './round-ports.ts'

/** Who refers to a target is looked into at each of its turns, this many at a time. */
const EXAMINED_REFERRERS = 16

/**
 * A process that dies between two steps, or a domain that is stopped while it is probed, can leave a reference that nobody
 * takes back. Each unwatched target looks into some at its turn. Answers whether any was dropped. Idempotent; one that is
 * dropped a moment too early is made again by the referrer's next round.
 */
export async function dropStaleReferrers(
  loaded: RoundTarget,
  { store, clock }: RoundParts,
): Promise<boolean> {
  const referrers = await store.referrersOf(loaded.id, EXAMINED_REFERRERS)
  const now = clock.now()
  const needs = await Promise.all(
    referrers.map((referrer) => isNeededBy(referrer, loaded.target, store, now)),
  )
  const stale = referrers.filter((_, index) => !needs[index])
  await Promise.all(stale.map((referrer) => store.removeReference(loaded.id, referrer)))
  return stale.length > 0
}

/** A host needs its zone while its domain is watched; a zone needs the hosts of its name servers while somebody needs it. */
async function isNeededBy(id: TargetId, target: Target, store: RoundStore, now: number): Promise<boolean> {
  if (id.startsWith('host:')) return store.isWatched(id)
  const { series, referenced } = await store.load(id)
  // Without a series the zone is in its first round: what it commits is not known yet.
  return referenced && (series?.kind !== 'zone' || currentNameServers(series, now).includes(target.name))
}

/** Lets a target go that nobody needs, and what it needed itself. */
export async function retire(loaded: RoundTarget, store: RoundStore): Promise<void> {
  if (loaded.series?.kind === 'zone') {
    await releaseHosts(loaded.id, namesOf(loaded.series), store)
  }
  await store.retire(loaded.id)
}

/** Every name server that the series knows: the current ones, and those of the sketch. */
export function namesOf(zone: ZoneSeries): string[] {
  return [...new Set([...zone.current, ...zone.nameServers.entries.map((seen) => seen.key)])]
}

export async function referHosts(
  zone: TargetId,
  names: readonly string[],
  store: RoundStore,
  at: number,
  lane: RoundLane,
): Promise<void> {
  await Promise.all(names.map((name) => store.addReference(targetId({ kind: 'host', name }), zone, at, lane)))
}

export async function releaseHosts(
  zone: TargetId,
  names: readonly string[],
  store: RoundStore,
): Promise<void> {
  await Promise.all(names.map((name) => store.removeReference(targetId({ kind: 'host', name }), zone)))
}

/** The zone that a watched domain lies in. */
export function zoneTarget(domain: string): TargetId {
  return targetId({ kind: 'zone', name: zoneOf(domain) })
}
