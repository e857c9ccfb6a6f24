// Reads a host series as version 3 wrote it (and version 2, brought to that form), so that a watch goes on over an update: rows of
// numbers with times relative to the first round and vantages as indexes. Nothing writes it any more.
import type { AnswerWindow } from './answer-window.ts'
import type { AddressType, HostView } from './host-view.ts'
import type { AddressNews, NewsLog } from './address-news.ts'
import { limitBottomK } from './bottom-k.ts'
import { ADDRESS_LIMIT, CHAIN_LIMIT, weighAlias } from './host-series.ts'
import type { HostSeries } from './host-series.ts'
import { toSecond, weighAddress } from './seen-address.ts'
import type { SeenAddress } from './seen-address.ts'
import { unpack, unpackCopies } from './version-3-rows.ts'
import type { CopyRow, NameRow, PackedSketch } from './version-3-rows.ts'
import type { SeenAlias } from './seen-alias.ts'
import { fitViews, roomOf } from './series-room.ts'

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

interface PackedView3 extends Omit<
  HostView,
  'recent' | 'windowBeforeAt' | 'cache' | 'looksWithinTtl' | 'changesWithinTtl'
> {
  readonly r: readonly WindowRow[]
  readonly c: readonly CopyRow[]
}

export interface PackedHost3 {
  readonly k: 'host'
  readonly s: Omit<HostSeries, 'kind' | 'addresses' | 'chain' | 'views' | 'news' | 'hours'>
  /** Ids of vantages; rows name them by index. */
  readonly i: readonly string[]
  readonly a: PackedSketch<AddressRow>
  readonly c: PackedSketch<AliasRow>
  readonly w: readonly PackedView3[]
}

export function unpackHost3({ s, i, a, c, w }: PackedHost3): HostSeries {
  const base = s.firstAt ?? 0
  const readAddress = ([key, type, first, last, count, vantages]: AddressRow): SeenAddress => ({
    key,
    type: unpackType(type),
    first: toSecond(first + base),
    last: toSecond(last + base),
    count,
    vantages: vantages.map((index) => i[index]!),
  })
  const views = w.map((view) => unpackView(view, base))
  const addresses = limitBottomK(unpack(a, readAddress), Math.min(a.l, ADDRESS_LIMIT), weighAddress)
  const weight = addresses.entries.reduce((sum, seen) => sum + weighAddress(seen), 0)
  return {
    kind: 'host',
    ...s,
    addresses,
    chain: limitBottomK(
      unpack(c, (row) => unpackAlias(row, base, i)),
      CHAIN_LIMIT,
      weighAlias,
    ),
    views: fitViews(views, roomOf(addresses.limit, weight)),
    news: newsOf(views),
    hours: null,
  }
}

/** When something new last came was not kept: the latest fresh answer is the latest time that it can have been. */
function newsOf(views: readonly HostView[]): AddressNews {
  const news: Partial<Record<AddressType, NewsLog>> = {}
  for (const { type, lastFreshAt } of views) {
    news[type] = { at: Math.max(news[type]?.at ?? 0, lastFreshAt), answers: 0 }
  }
  return news
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

function unpackType(type: 4 | 6): AddressType {
  return type === 4 ? 'A' : 'AAAA'
}

function unpackView({ r, c, ...rest }: PackedView3, base: number): HostView {
  return {
    ...rest,
    windowBeforeAt: r.length < 2 ? null : r.at(-2)![0] + base,
    recent: r.map(([, width, sampled, fresh, continuing]): AnswerWindow => ({
      width,
      sampled,
      fresh,
      continuing,
    })),
    looksWithinTtl: 0,
    changesWithinTtl: 0,
    cache: unpackCopies(c, base),
  }
}
