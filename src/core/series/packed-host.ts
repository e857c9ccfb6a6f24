// A host series as bytes, without its name. Whatever follows from what stands before takes no byte; times are relative to the first
// round. The order in here is the form: version-… files read the older ones.
import type { ByteReader } from './byte-reader.ts'
import type { ByteWriter } from './byte-writer.ts'
import { ADDRESS_LIMIT, CHAIN_LIMIT } from './host-series.ts'
import type { HostSeries } from './host-series.ts'
import type { HourlyNews } from './hourly-news.ts'
import type { NewsLog } from './address-news.ts'
import { readChain, writeChain } from './packed-chain.ts'
import { readViews, writeViews } from './packed-host-view.ts'
import { readNames, writeNames } from './packed-name.ts'
import { meanStep, whole } from './packed-times.ts'
import { kindsOfFailures, readFailures, writeFailures } from './packed-outcomes.ts'
import { readAddresses, writeAddresses } from './packed-sketch.ts'
import { toSecond } from './seen-address.ts'

/** What is there beyond the rule, or is not there. */
const FLAGS = {
  noFirst: 1,
  noLast: 2,
  noPrevious: 4,
  noAnswer: 8,
  noNewsA: 16,
  noNewsAaaa: 32,
  hours: 64,
  addressesDropped: 128,
  chainDropped: 256,
} as const

/** `idNear`: an id of a vantage that the reader has too. */
export function writeHost(to: ByteWriter, series: HostSeries, idNear: string): void {
  const { outcomes, addresses, chain, views, news, hours } = series
  const ids = idsOf(series)
  const firstAt = whole(series.firstAt, 0)
  const lastAt = whole(series.lastAt, firstAt)
  const previousAt = whole(series.previousAt, lastAt)
  const lastAnswerAt = whole(series.lastAnswerAt, lastAt)
  const newsAt = whole(news.A?.at, firstAt)
  const flags = flagsOf(series)
  // In the order in which readHost asks for them: what is mostly not 0 comes first.
  to.row([
    series.rounds,
    firstAt,
    lastAt - firstAt,
    lastAt - previousAt - meanStep(series.rounds, firstAt, lastAt),
    lastAnswerAt - lastAt,
    outcomes.answer,
    addresses.entries.length,
    views.length,
    ids.length,
    newsAt - firstAt,
    news.A?.answers ?? 0,
    flags,
    outcomes.nodata,
    whole(news.AAAA?.at, newsAt) - newsAt,
    news.AAAA?.answers ?? 0,
    chain.entries.length,
    outcomes.nxdomain,
    kindsOfFailures(outcomes.failures),
    addresses.limit - ADDRESS_LIMIT,
    chain.limit - CHAIN_LIMIT,
  ])
  writeFailures(to, outcomes.failures)
  writeNames(to, ids, idNear)
  if (hours !== null) writeHours(to, hours, firstAt)
  const seen = { first: toSecond(firstAt), last: toSecond(lastAnswerAt), ids }
  writeAddresses(to, addresses.entries, seen)
  const { rounds } = series
  writeViews(to, views, { rounds, firstAt, lastAt, previousAt, ids, addresses: addresses.entries })
  writeChain(to, chain.entries, { name: series.name, first: firstAt, last: lastAnswerAt, ids })
}

export function readHost(from: ByteReader, name: string, idNear: string): HostSeries {
  const mask = from.count()
  const rounds = from.rest(mask, 0)
  const firstAt = from.rest(mask, 1)
  const lastAt = firstAt + from.rest(mask, 2)
  const previousAt = lastAt - meanStep(rounds, firstAt, lastAt) - from.rest(mask, 3)
  const lastAnswerAt = lastAt + from.rest(mask, 4)
  const answer = from.rest(mask, 5)
  const addressCount = from.rest(mask, 6)
  const viewCount = from.rest(mask, 7)
  const idCount = from.rest(mask, 8)
  const newsAt = firstAt + from.rest(mask, 9)
  const newsAnswers = from.rest(mask, 10)
  const flags = from.rest(mask, 11)
  const nodata = from.rest(mask, 12)
  const newsAaaaAt = newsAt + from.rest(mask, 13)
  const newsAaaaAnswers = from.rest(mask, 14)
  const aliases = from.rest(mask, 15)
  const nxdomain = from.rest(mask, 16)
  const kinds = from.rest(mask, 17)
  const addressLimit = ADDRESS_LIMIT + from.rest(mask, 18)
  const chainLimit = CHAIN_LIMIT + from.rest(mask, 19)
  const failures = readFailures(from, kinds)
  const ids = readNames(from, idCount, idNear)
  const hours = (flags & FLAGS.hours) === 0 ? null : readHours(from, firstAt)
  const seen = { first: toSecond(firstAt), last: toSecond(lastAnswerAt), ids }
  const addresses = readAddresses(from, addressCount, seen)
  const views = readViews(from, viewCount, { rounds, firstAt, lastAt, previousAt, ids, addresses })
  const chain = readChain(from, aliases, { name, first: firstAt, last: lastAnswerAt, ids })
  return {
    kind: 'host',
    name,
    rounds,
    firstAt: (flags & FLAGS.noFirst) === 0 ? firstAt : null,
    lastAt: (flags & FLAGS.noLast) === 0 ? lastAt : null,
    previousAt: (flags & FLAGS.noPrevious) === 0 ? previousAt : null,
    lastAnswerAt: (flags & FLAGS.noAnswer) === 0 ? lastAnswerAt : null,
    outcomes: { answer, nodata, nxdomain, failures },
    addresses: {
      limit: addressLimit,
      dropped: (flags & FLAGS.addressesDropped) !== 0,
      entries: addresses,
    },
    chain: { limit: chainLimit, dropped: (flags & FLAGS.chainDropped) !== 0, entries: chain },
    views,
    news: newsOf(
      (flags & FLAGS.noNewsA) === 0 ? { at: newsAt, answers: newsAnswers } : null,
      (flags & FLAGS.noNewsAaaa) === 0 ? { at: newsAaaaAt, answers: newsAaaaAnswers } : null,
    ),
    hours,
  }
}

function newsOf(a: NewsLog | null, aaaa: NewsLog | null): HostSeries['news'] {
  if (a === null) return aaaa === null ? {} : { AAAA: aaaa }
  return aaaa === null ? { A: a } : { A: a, AAAA: aaaa }
}

function flagsOf(series: HostSeries): number {
  return (
    (series.firstAt === null ? FLAGS.noFirst : 0) |
    (series.lastAt === null ? FLAGS.noLast : 0) |
    (series.previousAt === null ? FLAGS.noPrevious : 0) |
    (series.lastAnswerAt === null ? FLAGS.noAnswer : 0) |
    (series.news.A === undefined ? FLAGS.noNewsA : 0) |
    (series.news.AAAA === undefined ? FLAGS.noNewsAaaa : 0) |
    (series.hours === null ? 0 : FLAGS.hours) |
    (series.addresses.dropped ? FLAGS.addressesDropped : 0) |
    (series.chain.dropped ? FLAGS.chainDropped : 0)
  )
}

/** Of all that names a vantage, sorted. Mostly the views name them all. */
function idsOf({ addresses, chain, views }: HostSeries): readonly string[] {
  const ids: string[] = []
  let isComplete = true
  for (const { vantage } of views) if (ids.at(-1) !== vantage) ids.push(vantage)
  let latest: readonly string[] = ids
  for (const { vantages } of addresses.entries) {
    if (vantages === latest) continue
    latest = vantages
    for (const id of vantages) isComplete &&= ids.includes(id)
  }
  for (const { uses } of chain.entries) for (const { vantage } of uses) isComplete &&= ids.includes(vantage)
  if (isComplete) return ids
  const all = new Set(ids)
  for (const { vantages } of addresses.entries) for (const id of vantages) all.add(id)
  for (const { uses } of chain.entries) for (const { vantage } of uses) all.add(vantage)
  return [...all].toSorted()
}

function writeHours(to: ByteWriter, { since, looks, news }: HourlyNews, firstAt: number): void {
  to.signed(Math.round(since) - firstAt)
  for (const count of looks) to.count(count)
  for (const count of news) to.count(count)
}

function readHours(from: ByteReader, firstAt: number): HourlyNews {
  const since = from.signed() + firstAt
  const looks = Array.from({ length: 24 }, () => from.count())
  return { since, looks, news: Array.from({ length: 24 }, () => from.count()) }
}
