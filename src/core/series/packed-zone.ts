// A zone series as plain values for JSON. Each name stands once, in one list, and is meant by its number elsewhere; addresses and
// cached copies are bytes in base64. Times are relative to the first round.
import { ByteReader } from './byte-reader.ts'
import { ByteWriter } from './byte-writer.ts'
import type { BottomK } from './bottom-k.ts'
import type { DelegationSide } from './delegation-look.ts'
import type { DelegationSeries } from './delegation-series.ts'
import { packHost, unpackHost } from './packed-host.ts'
import type { PackedHost } from './packed-host.ts'
import { pack, unpack } from './packed-rows.ts'
import type { PackedSketch } from './packed-rows.ts'
import { readCopies, writeCopies, writeOut } from './packed-view.ts'
import type { SeenName } from './seen-name.ts'
import type { ZoneSeries } from './zone-series.ts'
import type { ZoneView } from './zone-view.ts'

type NameRow = readonly [name: number, first: number, last: number, count: number]

interface PackedSide extends Pick<DelegationSide, 'ttlSeconds'> {
  readonly at: number
  readonly n: readonly number[]
  /** Hosts: name, TTL, addresses. */
  readonly b: string
}

interface PackedDelegation extends Omit<DelegationSeries, 'glue' | 'lame' | 'parent' | 'child'> {
  readonly p: PackedSide | null
  readonly c: PackedSide | null
  readonly g: readonly PackedGlue[]
  readonly l: PackedSketch<NameRow>
}

type PackedGlue = readonly [name: number, host: Omit<PackedHost, 'k' | 'n'>]

export interface PackedZone {
  readonly k: 'zone'
  readonly s: Omit<ZoneSeries, 'kind' | 'nameServers' | 'views' | 'delegation' | 'current'>
  /** All names of name servers. */
  readonly t: readonly string[]
  readonly u: readonly number[]
  readonly n: PackedSketch<NameRow>
  /** Ids of the vantages of the views, and the views. */
  readonly i: readonly string[]
  readonly w: string
  readonly d: PackedDelegation | null
}

export function packZone({ kind, nameServers, views, delegation, current, ...rest }: ZoneSeries): PackedZone {
  const base = rest.firstAt ?? 0
  const names = new Map<string, number>()
  const numberOf = (name: string): number => {
    const number = names.get(name) ?? names.size
    names.set(name, number)
    return number
  }
  const packed = {
    k: kind,
    s: rest,
    u: current.map(numberOf),
    n: packNames(nameServers, base, numberOf),
    ...packViews(views, base),
    d: delegation && packDelegation(delegation, base, numberOf),
  }
  return { ...packed, t: [...names.keys()] }
}

export function unpackZone({ s, t, u, n, i, w, d }: PackedZone): ZoneSeries {
  const base = s.firstAt ?? 0
  return {
    kind: 'zone',
    ...s,
    current: u.map((name) => t[name]!),
    nameServers: unpackNames(n, base, t),
    views: unpackViews(w, i, base),
    delegation: d && unpackDelegation(d, base, t),
  }
}

function packViews(views: readonly ZoneView[], base: number): Pick<PackedZone, 'i' | 'w'> {
  const ids = [...new Set(views.map((view) => view.vantage))]
  const to = new ByteWriter()
  to.count(views.length)
  for (const { vantage, type, freshAnswers, repeats, caches, cache } of views) {
    to.count(ids.indexOf(vantage) * 2 + (type === 'NS' ? 0 : 1))
    for (const count of [freshAnswers, repeats, caches]) to.count(count)
    writeCopies(to, cache, base)
  }
  return { i: ids, w: to.toBase64() }
}

function unpackViews(bytes: string, ids: readonly string[], base: number): readonly ZoneView[] {
  const from = new ByteReader(bytes)
  return Array.from({ length: from.count() }, (): ZoneView => {
    const head = from.count()
    return {
      vantage: ids[head >> 1]!,
      type: head % 2 === 0 ? 'NS' : 'SOA',
      freshAnswers: from.count(),
      repeats: from.count(),
      caches: from.count(),
      cache: readCopies(from, base),
    }
  })
}

type NumberOf = (name: string) => number

function packNames(sketch: BottomK<SeenName>, base: number, numberOf: NumberOf): PackedSketch<NameRow> {
  return pack(sketch, (seen) => [numberOf(seen.key), seen.first - base, seen.last - seen.first, seen.count])
}

function unpackNames(
  packed: PackedSketch<NameRow>,
  base: number,
  names: readonly string[],
): BottomK<SeenName> {
  return unpack(packed, ([name, first, last, count]) => ({
    key: names[name]!,
    first: first + base,
    last: last + first + base,
    count,
  }))
}

function packDelegation(
  { glue, lame, parent, child, ...rest }: DelegationSeries,
  base: number,
  numberOf: NumberOf,
): PackedDelegation {
  return {
    ...rest,
    p: parent && packSide(parent, base, numberOf),
    c: child && packSide(child, base, numberOf),
    g: glue.map((host) => {
      const { n, o, i, c, b } = packHost(host)
      return [numberOf(n), { o, i, c, b }]
    }),
    l: packNames(lame, base, numberOf),
  }
}

function unpackDelegation(
  { g, l, p, c, ...rest }: PackedDelegation,
  base: number,
  names: readonly string[],
): DelegationSeries {
  return {
    ...rest,
    parent: p && unpackSide(p, base, names),
    child: c && unpackSide(c, base, names),
    glue: g.map(([name, host]) => unpackHost({ k: 'host', n: names[name]!, ...host })),
    lame: unpackNames(l, base, names),
  }
}

function packSide(
  { at, names, ttlSeconds, hosts }: DelegationSide,
  base: number,
  numberOf: NumberOf,
): PackedSide {
  const to = new ByteWriter()
  to.count(hosts.length)
  for (const host of hosts) {
    to.count(numberOf(host.name))
    to.count(host.ttlSeconds)
    to.count(host.addresses.length)
    for (const address of host.addresses) writeOut(to, address)
  }
  return { at: at - base, n: names.map(numberOf), ttlSeconds, b: to.toBase64() }
}

function unpackSide(
  { at, n, ttlSeconds, b }: PackedSide,
  base: number,
  names: readonly string[],
): DelegationSide {
  const from = new ByteReader(b)
  const hosts = Array.from({ length: from.count() }, () => ({
    name: names[from.count()]!,
    ttlSeconds: from.count(),
    addresses: Array.from({ length: from.count() }, () => from.address(from.count())),
  }))
  return { at: at + base, names: n.map((name) => names[name]!), ttlSeconds, hosts }
}
