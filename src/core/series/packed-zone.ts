// A zone series as bytes, without its name. Each name of a name server stands once, in one list, and is meant by its number
// elsewhere. Times are relative to the first round. The order in here is the form: version-… files read the older ones.
import type { BottomK } from './bottom-k.ts'
import type { ByteReader } from './byte-reader.ts'
import type { ByteWriter } from './byte-writer.ts'
import type { CachedCopy } from './cache-memory.ts'
import { readDelegation, writeDelegation } from './packed-delegation.ts'
import { NameList, readNameNumbers, writeNameNumbers } from './packed-name-list.ts'
import { copiesInWholeMs, readCopies, writeCopies } from './packed-copies.ts'
import { readNames, readSighting, writeNames, writeSighting } from './packed-name.ts'
import { meanStep, whole } from './packed-times.ts'
import { kindsOfFailures, readFailures, writeFailures } from './packed-outcomes.ts'
import type { SeenName } from './seen-name.ts'
import type { SoaSummary } from './soa-summary.ts'
import { NAME_SERVER_LIMIT, WATCHED_NAME_SERVERS } from './zone-series.ts'
import { stableHash } from './stable-hash.ts'
import type { ZoneSeries } from './zone-series.ts'
import type { ZoneView } from './zone-view.ts'

/** What is there beyond the rule, or is not there. */
const FLAGS = {
  noFirst: 1,
  noLast: 2,
  noPrevious: 4,
  noFirstAnswer: 8,
  noLastAnswer: 16,
  noSoa: 32,
  dropped: 64,
  delegation: 128,
  /** The current name servers are not the held ones. */
  otherCurrent: 256,
} as const

export function writeZone(to: ByteWriter, series: ZoneSeries): void {
  const { rounds, outcomes, nameServers, current, views, soa, delegation } = series
  const firstAt = whole(series.firstAt, 0)
  const lastAt = whole(series.lastAt, firstAt)
  const previousAt = whole(series.previousAt, lastAt)
  const firstAnswerAt = whole(series.firstAnswerAt, firstAt)
  const lastAnswerAt = whole(series.lastAnswerAt, lastAt)
  const ids = [...new Set(views.map(({ vantage }) => vantage))]
  const list = new NameList(nameServers.entries.map(({ key }) => key))
  for (const name of current) list.add(name)
  if (soa !== null) list.add(soa.primary)
  if (delegation !== null) list.addDelegation(delegation)
  const hasOtherCurrent = !areSame(current, expectedCurrent(nameServers.entries))
  // In the order in which readZone asks for them: what is mostly not 0 comes first.
  to.row([
    rounds,
    firstAt,
    lastAt - firstAt,
    lastAt - previousAt - meanStep(rounds, firstAt, lastAt),
    outcomes.answer,
    list.names.length,
    nameServers.entries.length,
    views.length,
    ids.length,
    series.nsTtlMaxSeconds,
    flagsOf(series) | (hasOtherCurrent ? FLAGS.otherCurrent : 0),
    firstAnswerAt - firstAt,
    lastAnswerAt - lastAt,
    outcomes.nodata,
    outcomes.nxdomain,
    kindsOfFailures(outcomes.failures),
    nameServers.limit - NAME_SERVER_LIMIT,
    hasOtherCurrent ? current.length : 0,
  ])
  writeFailures(to, outcomes.failures)
  writeNames(to, list.names, series.name)
  writeNames(to, ids, '')
  let before = { key: '', first: firstAnswerAt, last: lastAnswerAt, count: 0 }
  for (const entry of nameServers.entries) {
    const seen = nameInWholeMs(entry)
    writeSighting(to, seen, before)
    before = seen
  }
  if (hasOtherCurrent) writeNameNumbers(to, current, list)
  if (soa !== null) writeSoa(to, soa, list)
  writeViews(to, views, ids, { lastAt, nsTtlMaxSeconds: series.nsTtlMaxSeconds, current })
  if (delegation !== null) writeDelegation(to, delegation, list, { firstAt, lastAt, id: ids.at(-1) ?? '' })
}

export function readZone(from: ByteReader, name: string): ZoneSeries {
  const mask = from.count()
  const rounds = from.rest(mask, 0)
  const firstAt = from.rest(mask, 1)
  const lastAt = firstAt + from.rest(mask, 2)
  const previousAt = lastAt - meanStep(rounds, firstAt, lastAt) - from.rest(mask, 3)
  const answer = from.rest(mask, 4)
  const nameCount = from.rest(mask, 5)
  const held = from.rest(mask, 6)
  const viewCount = from.rest(mask, 7)
  const idCount = from.rest(mask, 8)
  const nsTtlMaxSeconds = from.rest(mask, 9)
  const flags = from.rest(mask, 10)
  const firstAnswerAt = firstAt + from.rest(mask, 11)
  const lastAnswerAt = lastAt + from.rest(mask, 12)
  const nodata = from.rest(mask, 13)
  const nxdomain = from.rest(mask, 14)
  const kinds = from.rest(mask, 15)
  const limit = NAME_SERVER_LIMIT + from.rest(mask, 16)
  const currentCount = from.rest(mask, 17)
  const has = (flag: number): boolean => (flags & flag) !== 0
  const failures = readFailures(from, kinds)
  const names = readNames(from, nameCount, name)
  const ids = readNames(from, idCount, '')
  const entries: SeenName[] = []
  let before: Omit<SeenName, 'key'> = { first: firstAnswerAt, last: lastAnswerAt, count: 0 }
  for (let number = 0; number < held; number += 1) {
    before = readSighting(from, before).sighting
    entries.push({ key: names[number]!, ...before })
  }
  const nameServers: BottomK<SeenName> = { limit, dropped: has(FLAGS.dropped), entries }
  const current = has(FLAGS.otherCurrent)
    ? readNameNumbers(from, currentCount, names)
    : expectedCurrent(entries)
  const soa = has(FLAGS.noSoa) ? null : readSoa(from, names)
  const views = readViews(from, viewCount, ids, { lastAt, nsTtlMaxSeconds, current })
  return {
    kind: 'zone',
    name,
    rounds,
    firstAt: has(FLAGS.noFirst) ? null : firstAt,
    lastAt: has(FLAGS.noLast) ? null : lastAt,
    previousAt: has(FLAGS.noPrevious) ? null : previousAt,
    firstAnswerAt: has(FLAGS.noFirstAnswer) ? null : firstAnswerAt,
    lastAnswerAt: has(FLAGS.noLastAnswer) ? null : lastAnswerAt,
    outcomes: { answer, nodata, nxdomain, failures },
    views,
    current,
    nameServers,
    nsTtlMaxSeconds,
    soa,
    delegation: has(FLAGS.delegation)
      ? readDelegation(from, names, { firstAt, lastAt, id: ids.at(-1) ?? '' })
      : null,
  }
}

function flagsOf(series: ZoneSeries): number {
  return (
    (series.firstAt === null ? FLAGS.noFirst : 0) |
    (series.lastAt === null ? FLAGS.noLast : 0) |
    (series.previousAt === null ? FLAGS.noPrevious : 0) |
    (series.firstAnswerAt === null ? FLAGS.noFirstAnswer : 0) |
    (series.lastAnswerAt === null ? FLAGS.noLastAnswer : 0) |
    (series.soa === null ? FLAGS.noSoa : 0) |
    (series.nameServers.dropped ? FLAGS.dropped : 0) |
    (series.delegation === null ? 0 : FLAGS.delegation)
  )
}

/** Of a zone that never changed its name servers. */
function expectedCurrent(entries: readonly SeenName[]): readonly string[] {
  if (entries.length > WATCHED_NAME_SERVERS) return []
  return entries.map(({ key }) => key).toSorted()
}

function nameInWholeMs({ key, first, last, count }: SeenName): SeenName {
  return { key, first: Math.round(first), last: Math.round(last), count }
}

function writeSoa(to: ByteWriter, soa: SoaSummary, list: NameList): void {
  to.row([soa.serial, soa.retrySeconds, soa.serialChanges, list.numberOf(soa.primary)])
}

function readSoa(from: ByteReader, names: readonly string[]): SoaSummary {
  const mask = from.count()
  const serial = from.rest(mask, 0)
  const retrySeconds = from.rest(mask, 1)
  const serialChanges = from.rest(mask, 2)
  return { serial, serialChanges, retrySeconds, primary: names[from.rest(mask, 3)]! }
}

interface ViewBefore extends Pick<ZoneView, 'freshAnswers' | 'repeats' | 'cache' | 'caches'> {
  /** What the first copy of the next view is near to. */
  readonly copy: CachedCopy
}

function writeViews(
  to: ByteWriter,
  views: readonly ZoneView[],
  ids: readonly string[],
  origin: ViewsOrigin,
): void {
  const first = viewOfOrigin(origin)
  const before = [first, first]
  let head = -1
  let latest = 0
  for (const { vantage, type, freshAnswers, repeats, caches, cache } of views) {
    const isSoa = type === 'NS' ? 0 : 1
    const next = ids.indexOf(vantage) * 2 + isSoa
    // The first of a type is near to the first of the other.
    const near = head < 1 ? before[latest]! : before[isSoa]!
    const copies = copiesInWholeMs(cache)
    to.row([
      freshAnswers - near.freshAnswers,
      repeats - near.repeats,
      caches - near.caches,
      cache.length - 1,
      next - head - 1,
    ])
    writeCopies(to, copies, near.copy, near.cache)
    before[isSoa] = { freshAnswers, repeats, cache: copies, caches, copy: copies[0] ?? near.copy }
    head = next
    latest = isSoa
  }
}

function readViews(
  from: ByteReader,
  size: number,
  ids: readonly string[],
  origin: ViewsOrigin,
): readonly ZoneView[] {
  const first = viewOfOrigin(origin)
  const before = [first, first]
  const views: ZoneView[] = []
  let head = -1
  let latest = 0
  for (let index = 0; index < size; index += 1) {
    const mask = from.count()
    const fresh = from.rest(mask, 0)
    const again = from.rest(mask, 1)
    const more = from.rest(mask, 2)
    const copies = 1 + from.rest(mask, 3)
    const next = head + 1 + from.rest(mask, 4)
    const isSoa = next % 2
    const near = head < 1 ? before[latest]! : before[isSoa]!
    const freshAnswers = near.freshAnswers + fresh
    const repeats = near.repeats + again
    const caches = near.caches + more
    const cache = readCopies(from, copies, near.copy, near.cache)
    views.push({
      vantage: ids[next >> 1]!,
      type: isSoa === 0 ? 'NS' : 'SOA',
      freshAnswers,
      repeats,
      cache,
      caches,
    })
    before[isSoa] = { freshAnswers, repeats, cache, caches, copy: cache[0] ?? near.copy }
    head = next
    latest = isSoa
  }
  return views
}

/** What the reader knows of the zone before its views. */
interface ViewsOrigin {
  /** Whole ms. */
  readonly lastAt: number
  readonly nsTtlMaxSeconds: number
  readonly current: readonly string[]
}

/** Near to the view of a resolver that asked for the name servers in the latest round. */
function viewOfOrigin({ lastAt, nsTtlMaxSeconds, current }: ViewsOrigin): ViewBefore {
  const copy = {
    expiresAt: lastAt + nsTtlMaxSeconds * 1000,
    delayMs: 0,
    set: stableHash(current.join(' ')),
    firstSeenAt: lastAt,
    lastSeenAt: lastAt,
  }
  return { freshAnswers: 0, repeats: 0, cache: [], caches: 1, copy }
}

function areSame(a: readonly string[], b: readonly string[]): boolean {
  if (a.length !== b.length) return false
  for (let index = 0; index < a.length; index += 1) if (a[index] !== b[index]) return false
  return true
}
