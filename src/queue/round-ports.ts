// What a round needs of the other rooms: the live state, somebody who asks, facts of addresses, time. Types only.
import type { VerdictBefore } from '../core/detect/verdict-change.ts'
import type { Clock } from '../core/clock.ts'
import type { Question } from '../core/dns/record.ts'
import type { Enrichment, FlaggedAgents, SensorSightings } from '../core/model/address-facts.ts'
import type { Assessment } from '../core/model/assessment.ts'
import type { StandingNetwork } from '../core/model/network.ts'
import type { Observation, StoredObservation } from '../core/model/observation.ts'
import type { OutboxEntry, WatchEnd } from '../core/model/outbox.ts'
import type { Target, TargetId } from '../core/model/target.ts'
import type { Agent } from '../core/networks/agents.ts'
import type { Policy } from '../core/policy.ts'
import type { HostSeries } from '../core/series/host-series.ts'
import type { ZoneSeries } from '../core/series/zone-series.ts'

export interface RoundWatch extends VerdictBefore {
  readonly watchUntil: number
  /** Since when the domain is watched for as long as it takes, ms; null: somebody ordered until when, and so it is. */
  readonly openSince: number | null
  readonly intervalSeconds: number | null
}

export interface RoundTarget {
  readonly id: TargetId
  readonly target: Target
  readonly round: number
  readonly series: HostSeries | ZoneSeries | null
  readonly referenced: boolean
  readonly watch: RoundWatch | null
  /** Rounds since the verdict was assessed; null: this one assesses. */
  readonly stillRounds: number | null
  /** Whose share of the probing it is probed from. */
  readonly tenant: string
}

/** What a round concludes about a watched domain. */
export interface JudgedDomain extends VerdictBefore {
  /** As it was loaded. A domain that stands otherwise at the commit was watched anew, and the round is stale. */
  readonly judgedAgainst: VerdictBefore
  readonly version: number
  readonly assessment: Assessment
  /** The verdict stood before this round and stands. */
  readonly isAtRest: boolean
}

/** Where a shared target is scheduled that nobody needed before. */
export interface RoundLane {
  readonly tenant: string
  /** Before others: somebody waits for the first look. */
  readonly isExpress: boolean
}

/** `stale`: another round came first, or the domain was watched anew · `gone`: nobody needs the target. Neither writes. */
export type RoundResult = 'committed' | 'stale' | 'gone'

/** The live state, as a round needs it. `unwatched`: committed, but the domain was stopped, and its verdict is not written. */
export interface RoundStore {
  load(id: TargetId): Promise<RoundTarget>
  seriesOf(id: TargetId): Promise<HostSeries | ZoneSeries | null>
  commit(commit: {
    readonly id: TargetId
    readonly expectedRound: number
    readonly series: HostSeries | ZoneSeries
    readonly at: number
    readonly nextDueAt: number
    /** Nobody gets the target sooner, not even who hastens it; ms. */
    readonly earliestNextAt: number
    readonly observations: readonly StoredObservation[]
    readonly domain: JudgedDomain | null
    /** The verdict that stands without a new assessment, and for how many rounds now; null where there is one, or none is judged. */
    readonly still: { readonly judgedAgainst: VerdictBefore; readonly rounds: number } | null
    /** Why the watch is over; null while it is not. */
    readonly watchOver: WatchEnd | null
    /** As the target was loaded. */
    readonly tenant: string
    readonly entries: readonly OutboxEntry[]
  }): Promise<RoundResult | 'unwatched'>
  /** Idempotent. `lane`: of a target that nobody needed before. */
  addReference(id: TargetId, referrer: TargetId, dueAt: number, lane: RoundLane): Promise<void>
  removeReference(id: TargetId, referrer: TargetId): Promise<void>
  retire(id: TargetId): Promise<void>
  referrersOf(id: TargetId, limit: number): Promise<TargetId[]>
  /** Whether the target is the host of a watched domain. */
  isWatched(id: TargetId): Promise<boolean>
  hasten(id: TargetId, dueAt: number): Promise<void>
}

export interface RoundProber {
  /** Ids of the vantages. */
  readonly vantages: readonly string[]
  /** Asks the vantages in `only`. Urgent questions take their turn before others. */
  probe(
    questions: readonly Question[],
    signal?: AbortSignal,
    only?: readonly string[],
    options?: { readonly urgent?: boolean },
  ): Promise<Observation[]>
  /** How long a question that is asked now would wait for its turn at the busiest vantage; ms. Absent: never. */
  backlogMs?(): number
}

/** Which flagged names an address served, over all domains that are watched. */
export interface AgentNotes {
  /** What is noted at these addresses; as much as a minute old. */
  flaggedAt(agents: readonly Agent[], now: number): Promise<FlaggedAgents>
  /** A flagged registrable domain has these agents. Idempotent. */
  note(domain: string, agents: readonly Agent[], now: number): Promise<void>
  /** It is not flagged any more. Idempotent. */
  forget(domain: string, agents: readonly Agent[]): Promise<void>
}

/** What sensors, whose logs were imported, saw of names. */
export interface SensorNotes {
  /** As much as a minute old; null where no sensor saw the name in the last month. */
  of(name: string, now: number): Promise<SensorSightings | null>
}

/** The networks of flagged names, over all domains that are watched. */
export interface NetworkNotes {
  /** Of registrable domains: the networks in which they stand; as much as a minute old. */
  networksOf(zones: readonly string[], now: number): Promise<ReadonlyMap<string, readonly StandingNetwork[]>>
}

/** Who tells the keeper of the networks what rounds find. */
export interface FlaggedNotes {
  /** The name is flagged. What was told within the hour is not told again. */
  tell(
    name: { readonly domain: string; readonly standsAlone: boolean; readonly agents: readonly Agent[] },
    now: number,
  ): Promise<unknown>
  /** It is not flagged any more. */
  clear(domain: string, at: number): Promise<void>
  /** A registrable domain that is not flagged was seen at these addresses. Idempotent. */
  noteStranger(zone: string, addresses: readonly string[], now: number): Promise<void>
}

export interface RoundParts {
  readonly store: RoundStore
  readonly prober: RoundProber
  readonly enrichment: Enrichment
  /** Absent where nobody remembers: a domain then has no neighbours. */
  readonly agents?: AgentNotes
  /** Absent where nothing can have been imported. */
  readonly sensors?: SensorNotes
  /** Absent where nobody keeps networks. */
  readonly networks?: NetworkNotes
  readonly flaggedNames?: FlaggedNotes
  readonly policy: Policy
  readonly clock: Clock
}
