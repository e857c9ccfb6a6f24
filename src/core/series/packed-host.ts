// A host series as plain values for JSON: texts as they are, everything else as bytes in base64. Times are relative to the first
// round. The order in here is the form: version-… files read the older ones.
import type { AddressType } from './host-view.ts'
import { ByteReader, hasBit } from './byte-reader.ts'
import { ByteWriter, addressKind } from './byte-writer.ts'
import type { HostSeries } from './host-series.ts'
import type { SeenAddress } from './seen-address.ts'
import type { HourlyNews } from './hourly-news.ts'
import type { NewsLog } from './address-news.ts'
import { readTime, readView, writeTime, writeView } from './packed-view.ts'
import { packOutcomes, unpackOutcomes } from './packed-outcomes.ts'
import type { PackedOutcomes } from './packed-outcomes.ts'
import type { AliasUse, SeenAlias } from './seen-alias.ts'

export interface PackedHost {
  readonly k: 'host'
  readonly n: string
  readonly o: PackedOutcomes
  /** Ids of vantages; the bytes name them by index. */
  readonly i: readonly string[]
  /** CNAME targets. */
  readonly c: readonly string[]
  readonly b: string
}

export function packHost(series: HostSeries): PackedHost {
  const { name, outcomes, addresses, chain, views, news, hours } = series
  const base = series.firstAt ?? 0
  const ids = idsOf(series)
  const indexOf = new Map(ids.map((id, index) => [id, index]))
  const to = new ByteWriter()
  to.count(series.rounds)
  to.count(base)
  for (const time of [series.firstAt, series.lastAt, series.previousAt, series.lastAnswerAt])
    writeTime(to, time, base)
  writeNews(to, news.A, base)
  writeNews(to, news.AAAA, base)
  writeHours(to, hours, base)
  writeSketch(to, addresses)
  const baseSecond = Math.floor(base / 1000)
  for (const seen of addresses.entries) writeAddress(to, seen, baseSecond, ids)
  const placeOf = new Map(addresses.entries.map(({ key }, place) => [key, place]))
  to.count(views.length)
  for (const view of views) {
    to.count(indexOf.get(view.vantage)! * 2 + typeBit(view.type))
    writeView(to, view, base, placeOf)
  }
  writeSketch(to, chain)
  for (const alias of chain.entries) writeAlias(to, alias, base, indexOf)
  return {
    k: 'host',
    n: name,
    o: packOutcomes(outcomes),
    i: ids,
    c: chain.entries.map(({ key }) => key),
    b: to.toBase64(),
  }
}

export function unpackHost({ n, o, i, c, b }: PackedHost): HostSeries {
  const from = new ByteReader(b)
  const rounds = from.count()
  const base = from.count()
  const firstAt = readTime(from, base)
  const lastAt = readTime(from, base)
  const previousAt = readTime(from, base)
  const lastAnswerAt = readTime(from, base)
  const newsA = readNews(from, base)
  const newsAaaa = readNews(from, base)
  const hours = readHours(from, base)
  const held = readSketch(from)
  // Few sets of vantages, many addresses: each set is made once, and shared.
  const setOf = vantageSets(i)
  const baseSecond = Math.floor(base / 1000)
  const addresses = {
    ...held.sketch,
    entries: readList(held.size, () => readAddress(from, baseSecond, i.length, setOf)),
  }
  const views = readList(from.count(), () => {
    const head = from.count()
    return readView(from, i[head >> 1]!, typeOf(head), base, addresses.entries)
  })
  const named = readSketch(from)
  const chain = { ...named.sketch, entries: c.map((key) => readAlias(from, key, base, i)) }
  return {
    kind: 'host',
    name: n,
    rounds,
    firstAt,
    lastAt,
    previousAt,
    lastAnswerAt,
    outcomes: unpackOutcomes(o),
    addresses,
    chain,
    views,
    news: { ...(newsA !== null && { A: newsA }), ...(newsAaaa !== null && { AAAA: newsAaaa }) },
    hours,
  }
}

function idsOf({ addresses, chain, views }: HostSeries): readonly string[] {
  const ids = new Set(views.map((view) => view.vantage))
  for (const { vantages } of addresses.entries) for (const id of vantages) ids.add(id)
  for (const { uses } of chain.entries) for (const { vantage } of uses) ids.add(vantage)
  return [...ids].toSorted()
}

function readList<T>(length: number, read: () => T): T[] {
  const list: T[] = []
  for (let index = 0; index < length; index += 1) list.push(read())
  return list
}

function typeBit(type: AddressType): 0 | 1 {
  return type === 'A' ? 0 : 1
}

function typeOf(head: number): AddressType {
  return head % 2 === 0 ? 'A' : 'AAAA'
}

interface SketchHead {
  readonly limit: number
  readonly dropped: boolean
}

function writeSketch(
  to: ByteWriter,
  { limit, dropped, entries }: SketchHead & { readonly entries: readonly unknown[] },
): void {
  to.count(limit * 2 + (dropped ? 1 : 0))
  to.count(entries.length)
}

function readSketch(from: ByteReader): { readonly sketch: SketchHead; readonly size: number } {
  const head = from.count()
  return { sketch: { limit: Math.floor(head / 2), dropped: head % 2 === 1 }, size: from.count() }
}

function writeAddress(to: ByteWriter, seen: SeenAddress, baseSecond: number, ids: readonly string[]): void {
  const kind = addressKind(seen.key)
  to.count(seen.count * 6 + kind * 2 + typeBit(seen.type))
  to.address(seen.key, kind)
  to.signed(seen.first / 1000 - baseSecond)
  to.count((seen.last - seen.first) / 1000)
  to.bits(ids.map((id) => seen.vantages.includes(id)))
}

function readAddress(
  from: ByteReader,
  baseSecond: number,
  ids: number,
  setOf: (bits: string) => readonly string[],
): SeenAddress {
  const head = from.count()
  const key = from.address(Math.floor(head / 2) % 3)
  const first = (from.signed() + baseSecond) * 1000
  const last = first + from.count() * 1000
  return {
    key,
    type: typeOf(head),
    first,
    last,
    count: Math.floor(head / 6),
    vantages: setOf(from.bitBytes(ids)),
  }
}

function vantageSets(ids: readonly string[]): (bits: string) => readonly string[] {
  const sets = new Map<string, readonly string[]>()
  return (bits) => {
    let set = sets.get(bits)
    if (set === undefined) sets.set(bits, (set = ids.filter((_id, index) => hasBit(bits, index))))
    return set
  }
}

function writeAlias(
  to: ByteWriter,
  { first, last, count, uses }: SeenAlias,
  base: number,
  indexOf: ReadonlyMap<string, number>,
): void {
  to.signed(first - base)
  to.signed(last - first)
  to.count(count)
  to.count(uses.length)
  for (const use of uses) {
    to.count(indexOf.get(use.vantage)! * 2 + typeBit(use.type))
    to.count(use.freshAnswers)
  }
}

function readAlias(from: ByteReader, key: string, base: number, ids: readonly string[]): SeenAlias {
  const first = from.signed() + base
  const last = first + from.signed()
  const count = from.count()
  const uses = readList(from.count(), (): AliasUse => {
    const head = from.count()
    return { vantage: ids[head >> 1]!, type: typeOf(head), freshAnswers: from.count() }
  })
  return { key, first, last, count, uses }
}

function writeNews(to: ByteWriter, log: NewsLog | undefined, base: number): void {
  writeTime(to, log?.at ?? null, base)
  if (log !== undefined) to.count(log.answers)
}

function readNews(from: ByteReader, base: number): NewsLog | null {
  const at = readTime(from, base)
  return at === null ? null : { at, answers: from.count() }
}

function writeHours(to: ByteWriter, hours: HourlyNews | null, base: number): void {
  writeTime(to, hours?.since ?? null, base)
  if (hours !== null) for (const count of [...hours.looks, ...hours.news]) to.count(count)
}

function readHours(from: ByteReader, base: number): HourlyNews | null {
  const since = readTime(from, base)
  if (since === null) return null
  const looks = readList(24, () => from.count())
  return { since, looks, news: readList(24, () => from.count()) }
}
