// The record of what was seen. It never holds a judgement (push inference downstream: a conclusion drawn too early
// destroys the evidence for a better one later).
import type { AuthorityServer, ExtendedError, FailureKind, Outcome } from '../dns/reply.ts'
import type { QuestionType, ResourceRecord } from '../dns/record.ts'
import { targetId, type Target, type TargetId } from './target.ts'

/**
 * `fresh`: it can be a new answer · `cached`: it must be the copy of an RRset that this vantage has shown before, counted down.
 * A cached copy proves nothing again.
 */
export type Freshness = 'fresh' | 'cached'

/** What one vantage answered to one question at one time. */
export interface Observation {
  /** When the reply (or the time-out) was there; ms since the epoch. */
  readonly at: number
  /** The vantage's id from the configuration. */
  readonly vantage: string
  readonly qname: string
  readonly qtype: QuestionType
  readonly outcome: Outcome
  readonly failure?: FailureKind
  readonly rcode: string
  readonly rttMs: number
  readonly answer: readonly ResourceRecord[]
  readonly authority: readonly ResourceRecord[]
  readonly additional: readonly ResourceRecord[]
  readonly authoritative?: boolean
  /** SCOPE PREFIX-LENGTH of the client subnet that came back (RFC 7871); absent when none did. */
  readonly clientSubnetScope?: number
  readonly extendedErrors?: readonly ExtendedError[]
  /** Only from the `direct` vantage: the authority that answered, and its side of the zone cut. */
  readonly server?: AuthorityServer
  readonly side?: 'parent' | 'child'
  /**
   * Set by the fold that takes the observation into its series, for answers with the RRset that was asked for (and a
   * parent's referral). Absent for failures and for negative answers.
   */
  readonly freshness?: Freshness
}

/** One sweep of one target: its questions × the vantages, at one time. */
export interface ProbeRound {
  readonly target: Target
  /** 1 for the first round of the target; a committed number is never used again. */
  readonly number: number
  readonly startedAt: number
  readonly observations: readonly Observation[]
}

/** An observation as history keeps it. */
export interface StoredObservation extends Observation {
  /** Unique: made of target, round with its start, vantage, question and authority, so that a replayed round adds nothing. */
  readonly id: string
  readonly target: TargetId
  readonly round: number
  /**
   * Only of a sensor that tells sums (COF): the first of `count` times; `at` is the last of them. Sensors' observations have
   * `sensor:<name>` for a vantage and round 0.
   */
  readonly told?: { readonly firstSeen: number; readonly count: number }
}

/** What the vantage of a sensor's observation begins with: no vantage of ours can. */
export const SENSOR_PREFIX = 'sensor:'

/** The rows that a committed round leaves in the observations stream. */
export function storedObservations(round: ProbeRound): StoredObservation[] {
  const target = targetId(round.target)
  const prefix = roundIdPrefix(target, round.number, round.startedAt)
  const taken = new Map<string, number>()
  return round.observations.map((observation) => {
    const id = observationId(prefix, observation)
    const occurrence = (taken.get(id) ?? 0) + 1
    taken.set(id, occurrence)
    // One authority that is asked twice in a round gives two observations.
    return { ...observation, id: occurrence === 1 ? id : `${id}/${occurrence}`, target, round: round.number }
  })
}

/**
 * What the ids of all observations of a round begin with. The start (ms) tells rounds apart whose numbers began anew, after the
 * live state of an unwatched target was let go.
 */
export function roundIdPrefix(target: TargetId, round: number, startedAt: number): string {
  return `${target}/${round}@${startedAt.toString(36)}/`
}

/** The id of the first observation of its round with this vantage, question and authority. */
export function observationId(
  prefix: string,
  {
    vantage,
    qname,
    qtype,
    side,
    server,
  }: Pick<Observation, 'vantage' | 'qname' | 'qtype' | 'side' | 'server'>,
): string {
  let id = `${prefix}${vantage}/${qname}/${qtype}`
  if (side !== undefined) id += `/${side}`
  if (server !== undefined) id += `/${server.name}@${server.address}`
  return id
}
