// The three filters before the clustering of Perdisci, Corona, Dagon and Lee, ACSAC 2009. They choose which names are worth
// clustering and were never meant as a verdict; the classifier that follows needs whole clusters (fluxbuster-2012.ts).
// Open: whether the conditions of F3 are alternatives. We take them as such, the reading that lets most names through.
import type { Pool } from '../features/pool.ts'
import type { PanelDetector } from './panel-detector.ts'

const LONGEST_TTL_SECONDS = 10_800
const SHORT_TTL_SECONDS = 30
/** What the strictest filter asks for. */
const MOST_EVENTS = 10

export interface FilteredName {
  /** Of the authority, as far as known. */
  readonly ttlSeconds: number
  /** Addresses in the widest answer. */
  readonly widest: number
  /** /16s ÷ addresses of the most diverse answer, 0…1. */
  readonly answerDiversity: number
  /** Addresses of all answers together, and /16s ÷ addresses of them, 0…1. */
  readonly addresses: number
  readonly diversity: number
  readonly queries: number
  /** Answers after the first that brought a new address; from 10 on no filter asks for more. */
  readonly growthEvents: number
}

/** F1, of a response: worth remembering. */
export function passesF1({ ttlSeconds, widest, answerDiversity }: FilteredName): boolean {
  return (
    ttlSeconds <= LONGEST_TTL_SECONDS &&
    (widest >= 3 || ttlSeconds <= SHORT_TTL_SECONDS) &&
    answerDiversity >= 1 / 3
  )
}

/** F2, every three hours: not a name that was asked for often and hardly grew. */
export function passesF2({ queries, growthEvents, addresses, diversity }: FilteredName): boolean {
  return !(queries > 100 && growthEvents < 3 && (addresses <= 5 || diversity <= 0.5))
}

/** F3: how many of its five reasons to keep a name hold. */
export function countF3({ ttlSeconds, addresses, growthEvents, diversity }: FilteredName): number {
  const reasons = [
    ttlSeconds < SHORT_TTL_SECONDS,
    addresses >= 10,
    growthEvents >= 5,
    addresses >= 5 && diversity >= 0.8,
    diversity >= 0.5 && ttlSeconds <= 3600 && growthEvents >= 10,
  ]
  let count = 0
  for (const holds of reasons) if (holds) count += 1
  return count
}

export const perdisci2009: PanelDetector = {
  detector: 'perdisci-2009-filters',
  computes: 'The number of reasons (of five) to keep the name as a candidate',
  threshold: 0,
  meaning:
    'Reasons (of five) for which filter F3 keeps the name, 0 when F1 or F2 drops it before. F1: TTL ≤ 10,800 s, three addresses in an answer or TTL ≤ 30 s, /16s ÷ addresses ≥ ⅓. F2: not more than 100 answers with less than 3 growth events and (at most 5 addresses or /16s ÷ addresses ≤ 0.5). F3, any of: TTL < 30 s · 10 addresses · 5 growth events · 5 addresses and ratio ≥ 0.8 · ratio ≥ 0.5, TTL ≤ 3,600 s and 10 growth events. Flags when a reason holds. Queries are fresh answers; growth events are the moments at which addresses were first seen.',
  source:
    'Perdisci, Corona, Dagon, Lee: Detecting Malicious Flux Service Networks through Passive Analysis of Recursive DNS Traces, ACSAC 2009',
  blindSpot:
    'A filter for candidates, so it flags many CDNs and every volunteer pool. Drops answers of one or two addresses unless the TTL is at most 30 s. Name servers do not count.',
  leftOut:
    'The clustering of names that share addresses and the twelve features of clusters. Which addresses were in an answer is known of the latest look only.',
  measure({ view, table, widestAnswer }) {
    const ttlSeconds = table.value('a_ttl_max')
    if (ttlSeconds === null || view.a.members.length === 0) return null
    // Most names stop here; what is below walks over all addresses.
    if (widestAnswer < 3 && ttlSeconds > SHORT_TTL_SECONDS) return 0
    const diversity = table.count('a_slash16s') / view.a.members.length
    const name: FilteredName = {
      ttlSeconds,
      widest: widestAnswer,
      answerDiversity: Math.max(diversity, latestDiversity(view.a)),
      addresses: table.count('a_addresses'),
      diversity,
      queries: table.count('a_fresh_answers'),
      growthEvents: countGrowthEvents(view.a),
    }
    return passesF1(name) && passesF2(name) ? countF3(name) : 0
  },
}

/** Distinct moments at which an address was new, less the first; 10 where there are more. */
function countGrowthEvents({ members }: Pool): number {
  const moments: number[] = []
  for (const { first } of members) {
    if (!moments.includes(first) && moments.push(first) > MOST_EVENTS) break
  }
  return moments.length - 1
}

/** /16s ÷ addresses of the latest look, the largest over the vantages. */
function latestDiversity({ views }: Pool): number {
  let most = 0
  for (const { windowSet } of views) {
    if (windowSet.length === 0) continue
    const networks = new Set(windowSet.map(firstTwoOctets))
    most = Math.max(most, networks.size / windowSet.length)
  }
  return most
}

function firstTwoOctets(address: string): string {
  return address.slice(0, address.indexOf('.', address.indexOf('.') + 1))
}
