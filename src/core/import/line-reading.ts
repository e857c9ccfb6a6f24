// What one line of a sensor's log can turn out to be, and the closed vocabulary of why a line is left out. Which of it applies is
// decided by the readers of the formats.
import type { StoredObservation } from '../model/observation.ts'
import { NAME_REFUSALS, type NameRefusal } from '../names/name-refusal.ts'

/** An observation whose id is not made yet: `identity` holds all that tells it from others of the same sensor. */
export interface SensorRow {
  readonly identity: string
  readonly observation: Omit<StoredObservation, 'id'>
}

/** Lines that are as they should be, of things that are not kept: no fault of the log. */
export const SKIPS = {
  type_not_kept: 'A question type that fluxwatch does not ask, or whose answers the log does not hold whole.',
  reverse_name: 'The look-up of an address’s name (below in-addr.arpa or ip6.arpa).',
  not_unicast_dns: 'Multicast DNS, LLMNR or NetBIOS (port 5353, 5355 or 137).',
  ip_address: NAME_REFUSALS.ip_address,
  single_label: NAME_REFUSALS.single_label,
  public_suffix: NAME_REFUSALS.public_suffix,
  special_use: NAME_REFUSALS.special_use,
} as const

export type SkipReason = keyof typeof SKIPS

/** Lines that cannot be read, besides those whose name is refused (name-refusal.ts). */
export const LINE_REFUSALS = {
  line_too_long: 'The line is longer than a line may be.',
  bad_utf8: 'The line is not UTF-8.',
  not_json: 'The line is not JSON.',
  not_an_object: 'The line is JSON, but no object.',
  no_header: 'A line of values comes before the #fields of its TSV log.',
  wrong_columns: 'The line has another number of values than #fields names.',
  missing_field: 'A field that is needed is not there.',
  bad_field: 'A field holds what it cannot hold.',
  future_time: 'It is said to have been seen more than a day from now.',
} as const

export type LineRefusal = keyof typeof LINE_REFUSALS | Exclude<NameRefusal, SkipReason>

export type LineReading =
  | { readonly kind: 'row'; readonly row: SensorRow }
  /** A line about the log itself. */
  | { readonly kind: 'header' }
  | { readonly kind: 'skipped'; readonly reason: SkipReason }
  | RefusedLine

export interface RefusedLine {
  readonly kind: 'refused'
  readonly reason: LineRefusal
  /** One sentence that names the field and what is wrong with it. */
  readonly sentence: string
}

/** Reads the lines of one log in their order. Never throws, whatever a line holds. */
export interface LogReader {
  read(line: string): LineReading
}

export interface SensorContext {
  /** The sensor's name, without the prefix. */
  readonly sensor: string
  /** ms since the epoch. */
  readonly now: number
}

export function refuseLine(reason: LineRefusal, sentence: string): RefusedLine {
  return { kind: 'refused', reason, sentence }
}

export function isSkipReason(reason: NameRefusal): reason is NameRefusal & SkipReason {
  return Object.hasOwn(SKIPS, reason)
}
