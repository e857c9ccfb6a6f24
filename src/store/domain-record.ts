// How a watched domain stands in its Redis hash, and back.
import { VERDICT_NAMES, type Assessment, type FluxType, type VerdictName } from '../core/model/assessment.ts'
import type { WatchedDomain } from '../core/model/watch.ts'

/** What a round needs to know of the domain whose host it probes. */
export interface DomainWatch {
  readonly watchUntil: number
  /** Since when it is watched until its question is answered, ms; null: until `watchUntil`, as ordered. */
  readonly openSince: number | null
  readonly intervalSeconds: number | null
  readonly verdict: VerdictName
  readonly fluxType: FluxType | null
  readonly firstFlaggedAt: number | null
}

/** The verdict that a round found when it began, and against which its change is told. */
export interface JudgedAgainst {
  readonly verdict: VerdictName
  readonly fluxType: FluxType | null
}

/** What a round writes of the domain; the fields of the hash that the commit script sets. */
export interface DomainUpdate {
  /** Not written: a domain that stands otherwise by now was watched anew, and this round knows nothing of it. */
  readonly judgedAgainst: JudgedAgainst
  readonly verdict: VerdictName
  readonly fluxType: FluxType | null
  readonly firstFlaggedAt: number | null
  /** The round that made this verdict: orders what the scans count. */
  readonly version: number
  readonly assessment: Assessment
}

export type DomainHash = Readonly<Record<string, string>>

export const WATCH_FIELDS = [
  'watching',
  'watchUntil',
  'interval',
  'verdict',
  'fluxType',
  'firstFlaggedAt',
  'openSince',
] as const

/** Null when the domain is unknown or not watched (any more). */
export function readDomainWatch(values: readonly (string | null)[]): DomainWatch | null {
  const [watching, watchUntil, interval, verdict, fluxType, firstFlaggedAt, openSince] = values
  if (watching !== '1') return null
  return {
    watchUntil: Number(watchUntil),
    // Absent in a watch of before there were open ones: it was ordered.
    openSince: openSince ? Number(openSince) : null,
    intervalSeconds: interval ? Number(interval) : null,
    verdict: readVerdict(verdict),
    fluxType: readFluxType(fluxType),
    firstFlaggedAt: firstFlaggedAt ? Number(firstFlaggedAt) : null,
  }
}

/** Null when the hash is empty: the domain was never submitted, or its retention is over. */
export function readWatchedDomain(hash: DomainHash): WatchedDomain | null {
  if (hash['domain'] === undefined) return null
  return {
    domain: hash['domain'],
    tags: JSON.parse(hash['tags'] ?? '[]') as string[],
    addedAt: Number(hash['addedAt']),
    watchUntil: Number(hash['watchUntil']),
    watching: hash['watching'] === '1',
    firstFlaggedAt: hash['firstFlaggedAt'] ? Number(hash['firstFlaggedAt']) : null,
    verdict: readVerdict(hash['verdict']),
    assessment: hash['assessment'] ? (JSON.parse(hash['assessment']) as Assessment) : null,
  }
}

/** Flat, since the commit script writes each field with HSET. */
export function domainFields(update: DomainUpdate): Record<string, string> {
  return {
    verdict: update.verdict,
    fluxType: update.fluxType ?? '',
    firstFlaggedAt: update.firstFlaggedAt === null ? '' : String(update.firstFlaggedAt),
    version: String(update.version),
    assessment: JSON.stringify(update.assessment),
  }
}

/** `verdict|flux type`, as the commit script compares it with the hash. */
export function standingOf({ verdict, fluxType }: JudgedAgainst): string {
  return `${verdict}|${fluxType ?? ''}`
}

function readVerdict(text: string | null | undefined): VerdictName {
  return VERDICT_NAMES.find((name) => name === text) ?? 'pending'
}

function readFluxType(text: string | null | undefined): FluxType | null {
  return text === 'single' || text === 'ns' || text === 'double' ? text : null
}
