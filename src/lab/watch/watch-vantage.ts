// The ways of looking that a watch in virtual time has, as the service has its vantages. What each of them sees is
// resolver-view.ts and direct-view.ts.
import type { Question } from '../../core/dns/record.ts'
import type { FailureKind } from '../../core/dns/reply.ts'
import type { Observation } from '../../core/model/observation.ts'
import type { LabRegion } from '../regions.ts'

export interface ResolverVantage {
  readonly id: string
  readonly kind: 'resolver'
  /** Where the resolver stands: authorities may answer by that. */
  readonly region: LabRegion
  /** Share of the questions that meet the other of two caches which know nothing of each other, as a farm has them. Default 0. */
  readonly missRatio?: number
}

/** Asks the authorities themselves, without a cache; from Europe. */
export interface DirectVantage {
  readonly id: string
  readonly kind: 'direct'
}

export type WatchVantage = ResolverVantage | DirectVantage

/** Three unrelated resolvers on three continents: what the targets of the detector are stated for. */
export const THREE_RESOLVERS: readonly WatchVantage[] = [
  { id: 'resolver-eu', kind: 'resolver', region: 'eu' },
  { id: 'resolver-us', kind: 'resolver', region: 'us' },
  { id: 'resolver-asia', kind: 'resolver', region: 'asia' },
]

export const DIRECT_VANTAGE: WatchVantage = { id: 'direct', kind: 'direct' }

/** One vantage with what it remembers. */
export interface VantageView {
  readonly id: string
  readonly isDirect: boolean
  /** What it brings for a question asked at a time (ms since the epoch); at least one observation. */
  look(question: Question, at: number): readonly Observation[]
}

/** A failure that the watched zone's servers bring about, or none. */
export type Mishap = (
  vantage: string,
  question: Question,
  at: number,
  server?: string,
) => Extract<FailureKind, 'timeout' | 'servfail'> | null

/** Milliseconds that the n-th reply of a watch takes. */
export type ReplyDelay = (n: number) => number
