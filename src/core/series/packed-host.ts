// A host series as plain values for JSON: addresses, the bulk of it, are rows of numbers with times relative to the first
// round and vantages as indexes.
import type { AddressType, AnswerWindow, HostView } from './host-view.ts'
import type { HostSeries, SeenAddress } from './host-series.ts'
import { pack, packCopies, unpack, unpackCopies } from './packed-rows.ts'
import type { CopyRow, NameRow, PackedSketch } from './packed-rows.ts'
import type { SeenAlias } from './seen-alias.ts'

type AddressRow = readonly [
  key: string,
  type: 4 | 6,
  first: number,
  last: number,
  count: number,
  vantages: readonly number[],
]
type WindowRow = readonly [at: number, width: number, sampled: number, fresh: number, continuing: number]
type AliasRow = readonly [...NameRow, uses: readonly UseRow[]]
type UseRow = readonly [vantage: number, type: 4 | 6, freshAnswers: number]

interface PackedView extends Omit<HostView, 'recent' | 'cache'> {
  readonly r: readonly WindowRow[]
  readonly c: readonly CopyRow[]
}

export interface PackedHost {
  readonly k: 'host'
  readonly s: Omit<HostSeries, 'kind' | 'addresses' | 'chain' | 'views'>
  /** Ids of vantages; rows name them by index. */
  readonly i: readonly string[]
  readonly a: PackedSketch<AddressRow>
  readonly c: PackedSketch<AliasRow>
  readonly w: readonly PackedView[]
}

export function packHost({ kind, addresses, chain, views, ...rest }: HostSeries): PackedHost {
  const base = rest.firstAt ?? 0
  const ids = [
    ...new Set([
      ...addresses.entries.flatMap((seen) => seen.vantages),
      ...chain.entries.flatMap((seen) => seen.uses.map((use) => use.vantage)),
    ]),
  ].toSorted()
  const indexOf = new Map(ids.map((id, index) => [id, index]))
  return {
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

export function unpackHost({ s, i, a, c, w }: PackedHost): HostSeries {
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
    c: packCopies(cache, base),
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
    cache: unpackCopies(c, base),
  }
}
