// When each resolver may know something new: until its cached copy of the name is gone it repeats itself. Decides that for one
// vantage at a time, and spreads the vantages; which round takes whom along is decided beside it.
import type { Policy } from '../policy.ts'
import type { HostSeries } from '../series/host-series.ts'
import type { HostView } from '../series/host-view.ts'
import { HASH_BEGIN, finishHash, hashNumberOn, hashOn } from '../series/stable-hash.ts'
import type { ZoneSeries } from '../series/zone-series.ts'
import type { ZoneView } from '../series/zone-view.ts'

/** A cache that counts in whole seconds has let go for sure this long after the expiry. */
const AFTER_EXPIRY_MS = 1_000
/**
 * Up to this share of its wait a vantage comes later than it could, by a hash of name, vantage and time: two that began together
 * drift apart, and so see the name at different moments.
 */
const VANTAGE_SPREAD = 0.1
/** The longest wait of the undecided has room for the longest turn with both spreads: 1.1 × 1.05, and the second after. */
const ROOM_FOR_SPREAD = 1.2

/** What a resolver holds, as far as it has shown. Times in ms since the epoch. */
interface HeldCopy {
  readonly vantage: string
  readonly seenAt: number
  readonly expiresAt: number
  readonly caches: number
}

/** The time from which each resolver that gave an answer is worth asking again, ms since the epoch. */
export type VantageTurns = ReadonlyMap<string, number>

/**
 * The turns of the resolvers; the vantages of `policy.directVantages` have none, for no cache stands between. Of A and AAAA the
 * one that expires first counts; of a zone its NS RRset. A longer TTL than about five minutes does not hold a turn back: caches
 * evict early. Neither does a farm of caches: each question meets another copy.
 */
export function vantageTurns(series: HostSeries | ZoneSeries, policy: Policy): VantageTurns {
  const turns = new Map<string, number>()
  const ofName = hashOn(hashOn(HASH_BEGIN, series.name), ' ')
  for (const held of heldCopies(series)) {
    const { vantage } = held
    if (policy.directVantages.includes(vantage)) continue
    const turn = turnOf(ofName, held, policy)
    const other = turns.get(vantage)
    if (other === undefined || turn < other) turns.set(vantage, turn)
  }
  return turns
}

/** `ofName`: the hash so far, of the name and a space. */
function turnOf(ofName: number, { vantage, seenAt, expiresAt, caches }: HeldCopy, policy: Policy): number {
  const ceilingMs = (policy.undecidedMaxIntervalSeconds * 1000) / ROOM_FOR_SPREAD
  const untilFresh = Math.min((expiresAt - seenAt) / Math.max(1, caches), ceilingMs) + AFTER_EXPIRY_MS
  const wait = Math.max(untilFresh, policy.minIntervalSeconds * 1000)
  const hash = finishHash(hashNumberOn(hashOn(hashOn(ofName, vantage), ' '), seenAt))
  return Math.round(seenAt + wait * (1 + VANTAGE_SPREAD * (hash / 2 ** 32)))
}

function heldCopies(series: HostSeries | ZoneSeries): readonly HeldCopy[] {
  return series.kind === 'host' ? series.views.map(copyOfHost) : series.views.flatMap(copyOfZone)
}

function copyOfHost({ vantage, expiresAt, lastFreshAt, cache, caches }: HostView): HeldCopy {
  let seenAt = lastFreshAt
  for (const copy of cache) if (copy.lastSeenAt > seenAt) seenAt = copy.lastSeenAt
  return { vantage, seenAt, expiresAt, caches }
}

/** None when the answer was not cached (TTL 0, or an authority's own). */
function copyOfZone({ vantage, type, cache, caches }: ZoneView): readonly HeldCopy[] {
  if (type !== 'NS' || cache.length === 0) return []
  const latest = cache.reduce((one, other) => (other.lastSeenAt > one.lastSeenAt ? other : one))
  return [{ vantage, seenAt: latest.lastSeenAt, expiresAt: latest.expiresAt, caches }]
}
