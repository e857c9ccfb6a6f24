// When a host last gave an address that nobody had seen before, and how much was asked since: what "it has stopped" rests on.
// The first look of a vantage is no news, whatever it shows: servers that differ between regions were there before.
import { findHeld, isSampled } from './bottom-k.ts'
import type { BottomK } from './bottom-k.ts'
import type { AddressType, HostAnswer } from './host-view.ts'

export interface NewsLog {
  /** Time of the answer with the latest such address; of the first fresh answer while there was none. ms since the epoch. */
  readonly at: number
  /** Fresh answers after it, all vantages. */
  readonly answers: number
}

/** By address family; absent while nothing was answered. */
export type AddressNews = Readonly<Partial<Record<AddressType, NewsLog>>>

/**
 * How many of the addresses nobody had given before. Of a sketch: of those that it samples.
 * `isFirstLook`: the vantage had not answered before. Belated answers, of authorities that were silent at the first look, bring none.
 */
export function countNews<T extends { readonly key: string }>(
  addresses: BottomK<T>,
  answers: readonly HostAnswer[],
  isFirstLook: boolean,
): number {
  if (isFirstLook) return 0
  const news = new Set<string>()
  for (const answer of answers) {
    if (answer.isBelated === true) continue
    for (const address of answer.addresses)
      if (findHeld(addresses.entries, address) < 0 && isSampled(addresses, address)) news.add(address)
  }
  return news.size
}

/** The log after the fresh answers of one look. */
export function logNews(log: NewsLog | undefined, at: number, answers: number, hasNews: boolean): NewsLog {
  if (log === undefined) return { at, answers: 0 }
  if (hasNews) return { at: Math.max(log.at, at), answers: 0 }
  return { at: log.at, answers: log.answers + answers }
}
