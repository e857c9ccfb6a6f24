// The record of a target as its bytes say it: one key a target, written by the scripts alone (scripts/record.ts), read here. Its
// series is decoded only when somebody asks for it.
//
// Little-endian: format (1) · flags · revision (16 bits) · rounds (32) · time of the latest commit (48, ms) · least wait after it
// (32, ms) · rounds since the verdict was assessed (8) · tenant (8 bits of length) · referrers (16 bits of length; each with 16 of
// its own) · where a domain of the name was submitted: added, watched until, open since, first flagged, ended (48 each, ms, 0: never),
// interval (32, s), verdict, flux type, round of the verdict (32), score × 10,000 (16), tags as JSON (16 bits of length), scans of
// 12 octets (24 bits of length: a name that is in every alarm is in thousands) · the series.
import { VERDICT_NAMES, type Assessment, type FluxType, type VerdictName } from '../core/model/assessment.ts'
import { parseTargetId, type TargetId } from '../core/model/target.ts'
import type { WatchedDomain } from '../core/model/watch.ts'
import { decodeSeries } from '../core/series/codec.ts'
import type { HostSeries } from '../core/series/host-series.ts'
import type { ZoneSeries } from '../core/series/zone-series.ts'
import { RETENTION_MS } from './retention.ts'

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

/** What a round writes of the domain. */
export interface DomainUpdate {
  /** Not written: a domain that stands otherwise by now was watched anew, and this round knows nothing of it. */
  readonly judgedAgainst: JudgedAgainst
  readonly verdict: VerdictName
  readonly fluxType: FluxType | null
  readonly firstFlaggedAt: number | null
  /** The round that made this verdict: orders what the scans count. */
  readonly version: number
  readonly assessment: Assessment
  /** The verdict stood before this round and stands: its assessment is made again when somebody reads it, and not kept. */
  readonly isAtRest: boolean
}

/** A submitted domain, whether it is watched or not (any more). */
export interface SubmittedDomain extends DomainWatch {
  readonly watching: boolean
  readonly addedAt: number
  readonly endedAt: number | null
  /** The round that made the verdict; 0 for none. */
  readonly version: number
  readonly score: number
  readonly tags: readonly string[]
  /** Ids of scans. */
  readonly scans: readonly string[]
}

export interface TargetRecord {
  readonly round: number
  /** ms; 0 before the first round. */
  readonly committedAt: number
  /** Rounds since the verdict was assessed; null: the next round assesses. */
  readonly stillRounds: number | null
  readonly tenant: string
  /** Those that stand in the record. */
  readonly referrers: readonly TargetId[]
  /** The referrers are too many, and stand in a set of their own. */
  readonly isCrowded: boolean
  readonly submitted: SubmittedDomain | null
  /** Null before the first round. */
  readonly series: Buffer | null
}

/** Of `stillRounds`: not known, or not wanted. */
export const UNASSESSED = 255
/** A scan's octets: its id without what they all begin with, in hexadecimal. */
const SCAN_OCTETS = 12
const SCAN_PREFIX = 'scn_'
/** The octets that change with every write and with nothing else: format, flags, revision. */
export const STAMP_OCTETS = 4

const FLUX_TYPES: readonly (FluxType | null)[] = [null, 'single', 'ns', 'double']

/** Throws on bytes that no script wrote. */
export function readRecord(bytes: Buffer): TargetRecord {
  if (bytes[0] !== 1) throw new Error(`Expected a record of form 1, got ${bytes[0]}`)
  const from = new RecordReader(bytes)
  const flags = from.at(1)
  from.skip(4)
  const round = from.unsigned(4)
  const committedAt = from.unsigned(6)
  from.skip(4)
  const still = from.unsigned(1)
  const tenant = from.text(from.unsigned(1))
  const referrersEnd = from.unsigned(2) + from.place
  const referrers: TargetId[] = []
  while (from.place < referrersEnd) referrers.push(from.text(from.unsigned(2)) as TargetId)
  const submitted = (flags & 2) === 0 ? null : readSubmitted(from, (flags & 1) === 1)
  return {
    round,
    committedAt,
    stillRounds: still === UNASSESSED ? null : still,
    tenant,
    referrers,
    isCrowded: (flags & 8) !== 0,
    submitted,
    series: from.place < bytes.length ? bytes.subarray(from.place) : null,
  }
}

function readSubmitted(from: RecordReader, watching: boolean): SubmittedDomain {
  const time = (): number | null => from.unsigned(6) || null
  // In the order in which they were written: the literals are evaluated from top to bottom.
  const times = {
    addedAt: time() ?? 0,
    watchUntil: time() ?? 0,
    openSince: time(),
    firstFlaggedAt: time(),
    endedAt: time(),
  }
  const intervalSeconds = from.unsigned(4) || null
  const verdict = VERDICT_NAMES[from.unsigned(1)] ?? 'pending'
  const fluxType = FLUX_TYPES[from.unsigned(1)] ?? null
  const version = from.unsigned(4)
  const score = from.unsigned(2) / 10_000
  const tags = from.text(from.unsigned(2))
  const scansEnd = from.unsigned(3) + from.place
  const scans: string[] = []
  while (from.place < scansEnd) scans.push(SCAN_PREFIX + from.hex(SCAN_OCTETS))
  return {
    watching,
    ...times,
    intervalSeconds,
    verdict,
    fluxType,
    version,
    score,
    tags: tags === '' ? [] : (JSON.parse(tags) as string[]),
    scans,
  }
}

class RecordReader {
  readonly #bytes: Buffer
  place = 0

  constructor(bytes: Buffer) {
    this.#bytes = bytes
  }

  at(place: number): number {
    return this.#bytes[place]!
  }

  skip(octets: number): void {
    this.place += octets
  }

  unsigned(octets: number): number {
    const value = this.#bytes.readUIntLE(this.place, octets)
    this.place += octets
    return value
  }

  text(octets: number): string {
    this.place += octets
    return this.#bytes.toString('utf8', this.place - octets, this.place)
  }

  hex(octets: number): string {
    this.place += octets
    return this.#bytes.toString('hex', this.place - octets, this.place)
  }
}

export function seriesOfRecord({ series }: TargetRecord, id: TargetId): HostSeries | ZoneSeries | null {
  return series && decodeSeries(series, parseTargetId(id).name)
}

/** Null when the domain was never submitted, or its retention is over. */
export function submittedOf(record: TargetRecord | null, now: number): SubmittedDomain | null {
  const submitted = record?.submitted ?? null
  if (submitted === null || submitted.watching) return submitted
  return (submitted.endedAt ?? 0) + RETENTION_MS < now ? null : submitted
}

export function watchedDomainOf(
  domain: string,
  submitted: SubmittedDomain,
  assessment: Assessment | null,
): WatchedDomain {
  const { tags, addedAt, watchUntil, watching, firstFlaggedAt, verdict } = submitted
  return { domain, tags, addedAt, watchUntil, watching, firstFlaggedAt, verdict, assessment }
}

/** The octets of a scan's id, as records hold them. Throws on an id that was not made here. */
export function scanOctets(scan: string): Buffer {
  const octets = Buffer.from(scan.slice(SCAN_PREFIX.length), 'hex')
  if (octets.length !== SCAN_OCTETS) throw new Error(`not the id of a scan: ${scan}`)
  return octets
}

export function verdictNumber(verdict: VerdictName): number {
  return VERDICT_NAMES.indexOf(verdict)
}

export function fluxTypeNumber(fluxType: FluxType | null): number {
  return FLUX_TYPES.indexOf(fluxType)
}

/** As the commit script compares it with the record. */
export function standingOf({ verdict, fluxType }: JudgedAgainst): number {
  return verdictNumber(verdict) * 8 + fluxTypeNumber(fluxType)
}
