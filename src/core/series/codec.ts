// Series as text and back: compact, versioned JSON. Addresses, the bulk of it, are rows of numbers with times relative
// to the first round and vantages as indexes. Who stores the text is store/'s business.
import type { BottomK } from './bottom-k.ts'
import type { AddressType, AnswerWindow, HostView } from './host-view.ts'
import type { CachedCopy } from './cache-memory.ts'
import type { HostSeries, SeenAddress } from './host-series.ts'
import type { SeenAlias } from './seen-alias.ts'
import type { SeenName } from './seen-name.ts'
import type { ZoneSeries } from './zone-series.ts'

/** Raised with every change of the form; from the first release on, texts of older versions are then read here too. */
export const SERIES_VERSION = 2

type AddressRow = readonly [
  key: string,
  type: 4 | 6,
  first: number,
  last: number,
  count: number,
  vantages: readonly number[],
]
type WindowRow = readonly [at: number, width: number, sampled: number, fresh: number, continuing: number]
type CopyRow = readonly [expiresAt: number, delayMs: number, set: number]
type NameRow = readonly [key: string, first: number, last: number, count: number]
type AliasRow = readonly [...NameRow, uses: readonly UseRow[]]
type UseRow = readonly [vantage: number, type: 4 | 6, freshAnswers: number]

interface PackedSketch<Row> {
  readonly l: number
  readonly d: 0 | 1
  readonly e: readonly Row[]
}

interface PackedView extends Omit<HostView, 'recent' | 'cache'> {
  readonly r: readonly WindowRow[]
  readonly c: readonly CopyRow[]
}

interface PackedHost {
  readonly v: number
  readonly k: 'host'
  readonly s: Omit<HostSeries, 'kind' | 'addresses' | 'chain' | 'views'>
  /** Ids of vantages; rows name them by index. */
  readonly i: readonly string[]
  readonly a: PackedSketch<AddressRow>
  readonly c: PackedSketch<AliasRow>
  readonly w: readonly PackedView[]
}

interface PackedZone {
  readonly v: number
  readonly k: 'zone'
  readonly s: Omit<ZoneSeries, 'kind' | 'nameServers'>
  readonly n: PackedSketch<NameRow>
}

/** The series as one line of text. `decodeSeries` gives an equal series back. */
export function encodeSeries(series: HostSeries | ZoneSeries): string {
  return JSON.stringify(series.kind === 'host' ? packHost(series) : packZone(series))
}

/** Inverse of `encodeSeries`. Throws on anything that it did not make: texts come from our own store only. */
export function decodeSeries(text: string): HostSeries | ZoneSeries {
  const packed = JSON.parse(text) as PackedHost | PackedZone
  if (packed.v !== SERIES_VERSION) {
    throw new Error(`Expected a series of version ${SERIES_VERSION}, got ${packed.v}`)
  }
  return packed.k === 'host' ? unpackHost(packed) : unpackZone(packed)
}

function packHost({ kind, addresses, chain, views, ...rest }: HostSeries): PackedHost {
  const base = rest.firstAt ?? 0
  const ids = [
    ...new Set([
      ...addresses.entries.flatMap((seen) => seen.vantages),
      ...chain.entries.flatMap((seen) => seen.uses.map((use) => use.vantage)),
    ]),
  ].toSorted()
  const indexOf = new Map(ids.map((id, index) => [id, index]))
  return {
    v: SERIES_VERSION,
    k: kind,
    s: rest,
    i: ids,
    a: pack(addresses, (seen) => [
      seen.key,
      packType(seen.type),
      seen.first - base,
      seen.last - base,
      seen.count,
      seen.vantages.map((id) => indexOf.get(id)!),
    ]),
    c: pack(chain, (seen) => packAlias(seen, base, indexOf)),
    w: views.map((view) => packView(view, base)),
  }
}

function unpackHost({ s, i, a, c, w }: PackedHost): HostSeries {
  const base = s.firstAt ?? 0
  const readAddress = ([key, type, first, last, count, vantages]: AddressRow): SeenAddress => ({
    key,
    type: unpackType(type),
    first: first + base,
    last: last + base,
    count,
    vantages: vantages.map((index) => i[index]!),
  })
  return {
    kind: 'host',
    ...s,
    addresses: unpack(a, readAddress),
    chain: unpack(c, (row) => unpackAlias(row, base, i)),
    views: w.map((view) => unpackView(view, base)),
  }
}

function packAlias(
  { key, first, last, count, uses }: SeenAlias,
  base: number,
  indexOf: ReadonlyMap<string, number>,
): AliasRow {
  const rows = uses.map((use): UseRow => [indexOf.get(use.vantage)!, packType(use.type), use.freshAnswers])
  return [key, first - base, last - base, count, rows]
}

function unpackAlias(
  [key, first, last, count, rows]: AliasRow,
  base: number,
  ids: readonly string[],
): SeenAlias {
  const uses = rows.map(([index, type, freshAnswers]) => ({
    vantage: ids[index]!,
    type: unpackType(type),
    freshAnswers,
  }))
  return { key, first: first + base, last: last + base, count, uses }
}

function packType(type: AddressType): 4 | 6 {
  return type === 'A' ? 4 : 6
}

function unpackType(type: 4 | 6): AddressType {
  return type === 4 ? 'A' : 'AAAA'
}

function packView({ recent, cache, ...rest }: HostView, base: number): PackedView {
  return {
    ...rest,
    r: recent.map(({ at, width, sampled, fresh, continuing }) => [
      at - base,
      width,
      sampled,
      fresh,
      continuing,
    ]),
    c: cache.map(({ expiresAt, delayMs, set }) => [expiresAt - base, delayMs, set]),
  }
}

function unpackView({ r, c, ...rest }: PackedView, base: number): HostView {
  return {
    ...rest,
    recent: r.map(([at, width, sampled, fresh, continuing]): AnswerWindow => ({
      at: at + base,
      width,
      sampled,
      fresh,
      continuing,
    })),
    cache: c.map(([expiresAt, delayMs, set]): CachedCopy => ({ expiresAt: expiresAt + base, delayMs, set })),
  }
}

function packZone({ kind, nameServers, ...rest }: ZoneSeries): PackedZone {
  return { v: SERIES_VERSION, k: kind, s: rest, n: packNames(nameServers, rest.firstAt ?? 0) }
}

function unpackZone({ s, n }: PackedZone): ZoneSeries {
  return { kind: 'zone', ...s, nameServers: unpackNames(n, s.firstAt ?? 0) }
}

function packNames(sketch: BottomK<SeenName>, base: number): PackedSketch<NameRow> {
  return pack(sketch, (seen) => [seen.key, seen.first - base, seen.last - base, seen.count])
}

function unpackNames(packed: PackedSketch<NameRow>, base: number): BottomK<SeenName> {
  return unpack(packed, ([key, first, last, count]) => ({
    key,
    first: first + base,
    last: last + base,
    count,
  }))
}

function pack<T extends { readonly key: string }, Row>(
  sketch: BottomK<T>,
  row: (entry: T) => Row,
): PackedSketch<Row> {
  return { l: sketch.limit, d: sketch.dropped ? 1 : 0, e: sketch.entries.map(row) }
}

function unpack<T extends { readonly key: string }, Row>(
  packed: PackedSketch<Row>,
  read: (row: Row) => T,
): BottomK<T> {
  return { limit: packed.l, dropped: packed.d === 1, entries: packed.e.map(read) }
}
