// What is kept of one watched member: small and flat, so that tens of thousands of them pass between processes and fit into
// memory. What the numbers mean together is the metrics' business.
import type { FluxType, VerdictName } from '../../src/core/model/assessment.ts'
import type { Truth } from '../../src/lab/population/member.ts'

/**
 * How a member is watched: by three resolvers with everything known of addresses · the same and the direct vantage · three
 * resolvers without the names of AS owners and of hosts · three resolvers without any database.
 */
export const WAYS = ['resolvers', 'direct', 'no-names', 'no-database'] as const
export type Way = (typeof WAYS)[number]

/** Moments at which the score is kept. */
export const CHECKPOINTS = [1, 2, 3, 5, 8, 10, 15, 20, 30] as const

/** What was said at a moment of the watch. */
export interface Said {
  readonly verdict: VerdictName
  readonly fluxType: FluxType | null
  /** Since the watch began; virtual seconds. */
  readonly seconds: number
  /** Rounds of the name so far. */
  readonly rounds: number
  /** How often the resolver that was asked most was asked for the name's A so far; without resolvers the rounds. */
  readonly probes: number
  /** A questions about the name so far, all vantages. */
  readonly questions: number
  readonly score: number
}

/** The first time that a name server's address changed, and what followed. Seconds are virtual, since the watch began. */
export interface NameServerMove {
  /** When it changed in truth. */
  readonly seconds: number
  /** When a look showed it; null when none did. */
  readonly seenSeconds: number | null
  /** When NS or double flux was said after the change; null when never. */
  readonly saidSeconds: number | null
  /** Probes of the busiest among zone and name servers from the change to the saying; null when it was never said. */
  readonly probesAfter: number | null
  /** The same from the first look that showed the change, which is the first of them; null when either never came. */
  readonly probesAfterSeen: number | null
}

export interface PanelFlag {
  readonly detector: string
  /** Null when the detector is not defined on what was seen. */
  readonly flags: boolean | null
}

export interface WatchRecord {
  readonly group: string
  readonly index: number
  readonly isEvasion: boolean
  readonly truth: Truth
  readonly parameters: Readonly<Record<string, string | number>>
  readonly way: Way
  /** Each change of verdict or type, the first included, in order of time. */
  readonly path: readonly Said[]
  readonly last: Said
  /** The last that was said while no more than so many probes were made, in the order of CHECKPOINTS; null for none. */
  readonly atProbes: readonly (Said | null)[]
  /** Largest TTL that an address answer showed; seconds. Null without an answer. */
  readonly ttlSeconds: number | null
  /** Null when no name server moved in truth. */
  readonly move: NameServerMove | null
  /** The panel's opinions at the end. */
  readonly panel: readonly PanelFlag[]
}

/** Whether `flux` was said at any time: once said, the alarm is out. */
export function everFlux({ path }: WatchRecord): boolean {
  return path.some(({ verdict }) => verdict === 'flux')
}

/** The first time that `flux` was said; null when never. */
export function firstFlux({ path }: WatchRecord): Said | null {
  return path.find(({ verdict }) => verdict === 'flux') ?? null
}
