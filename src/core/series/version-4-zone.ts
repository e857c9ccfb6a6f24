// Reads a zone series as version 4 wrote it: JSON, in which each name stands once and is meant by its number elsewhere; addresses and
// cached copies are bytes in base64. Times are relative to the first round. Nothing writes it any more.
import { Base64Reader } from './version-4-bytes.ts'
import type { BottomK } from './bottom-k.ts'
import type { DelegationSide } from './delegation-look.ts'
import type { DelegationSeries } from './delegation-series.ts'
import { unpackHost4 } from './version-4-host.ts'
import type { PackedHost4 } from './version-4-host.ts'
import { unpack } from './version-3-rows.ts'
import type { PackedSketch } from './version-3-rows.ts'
import { readCopies } from './version-4-view.ts'
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

type PackedGlue = readonly [name: number, host: Omit<PackedHost4, 'k' | 'n'>]

export interface PackedZone4 {
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

export function unpackZone4({ s, t, u, n, i, w, d }: PackedZone4): ZoneSeries {
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

function unpackViews(bytes: string, ids: readonly string[], base: number): readonly ZoneView[] {
  const from = new Base64Reader(bytes)
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

function unpackDelegation(
  { g, l, p, c, ...rest }: PackedDelegation,
  base: number,
  names: readonly string[],
): DelegationSeries {
  return {
    ...rest,
    parent: p && unpackSide(p, base, names),
    child: c && unpackSide(c, base, names),
    glue: g.map(([name, host]) => unpackHost4({ k: 'host', n: names[name]!, ...host })),
    lame: unpackNames(l, base, names),
  }
}

function unpackSide(
  { at, n, ttlSeconds, b }: PackedSide,
  base: number,
  names: readonly string[],
): DelegationSide {
  const from = new Base64Reader(b)
  const hosts = Array.from({ length: from.count() }, () => ({
    name: names[from.count()]!,
    ttlSeconds: from.count(),
    addresses: Array.from({ length: from.count() }, () => from.address(from.count())),
  }))
  return { at: at + base, names: n.map((name) => names[name]!), ttlSeconds, hosts }
}
