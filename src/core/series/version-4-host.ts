// Reads a host series as version 4 wrote it: texts as JSON, everything else as bytes in base64. Times are relative to the first round.
// Nothing writes it any more.
import type { AddressType } from './host-view.ts'
import { Base64Reader, hasBit } from './version-4-bytes.ts'
import type { HostSeries } from './host-series.ts'
import type { SeenAddress } from './seen-address.ts'
import type { HourlyNews } from './hourly-news.ts'
import type { NewsLog } from './address-news.ts'
import { readTime, readView } from './version-4-view.ts'
import { unpackOutcomes4 } from './version-4-outcomes.ts'
import type { PackedOutcomes4 } from './version-4-outcomes.ts'
import type { AliasUse, SeenAlias } from './seen-alias.ts'

export interface PackedHost4 {
  readonly k: 'host'
  readonly n: string
  readonly o: PackedOutcomes4
  /** Ids of vantages; the bytes name them by index. */
  readonly i: readonly string[]
  /** CNAME targets. */
  readonly c: readonly string[]
  readonly b: string
}

export function unpackHost4({ n, o, i, c, b }: PackedHost4): HostSeries {
  const from = new Base64Reader(b)
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
    outcomes: unpackOutcomes4(o),
    addresses,
    chain,
    views,
    news: { ...(newsA !== null && { A: newsA }), ...(newsAaaa !== null && { AAAA: newsAaaa }) },
    hours,
  }
}

function readList<T>(length: number, read: () => T): T[] {
  const list: T[] = []
  for (let index = 0; index < length; index += 1) list.push(read())
  return list
}

function typeOf(head: number): AddressType {
  return head % 2 === 0 ? 'A' : 'AAAA'
}

interface SketchHead {
  readonly limit: number
  readonly dropped: boolean
}

function readSketch(from: Base64Reader): { readonly sketch: SketchHead; readonly size: number } {
  const head = from.count()
  return { sketch: { limit: Math.floor(head / 2), dropped: head % 2 === 1 }, size: from.count() }
}

function readAddress(
  from: Base64Reader,
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

function readAlias(from: Base64Reader, key: string, base: number, ids: readonly string[]): SeenAlias {
  const first = from.signed() + base
  const last = first + from.signed()
  const count = from.count()
  const uses = readList(from.count(), (): AliasUse => {
    const head = from.count()
    return { vantage: ids[head >> 1]!, type: typeOf(head), freshAnswers: from.count() }
  })
  return { key, first, last, count, uses }
}

function readNews(from: Base64Reader, base: number): NewsLog | null {
  const at = readTime(from, base)
  return at === null ? null : { at, answers: from.count() }
}

function readHours(from: Base64Reader, base: number): HourlyNews | null {
  const since = readTime(from, base)
  if (since === null) return null
  const looks = readList(24, () => from.count())
  return { since, looks, news: readList(24, () => from.count()) }
}
