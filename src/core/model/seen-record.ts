// What history knows of a record as passive DNS knows it: one owner, one type, one datum, when it was seen, by whom. And the
// questions that are answered from such records. Where they lie is the store's business.
import type { Page } from './watch.ts'

/**
 * One record (rrname, rrtype, rdata), over everything that was seen of it. A set that rotates has one for each of its records,
 * as in the passive-DNS COF: its combinations would be endless and say less.
 */
export interface SeenRecord {
  /** Owner; A-labels, lower case, without the trailing dot. */
  readonly name: string
  readonly type: string
  /** Presentation form; addresses canonical. */
  readonly data: string
  /** ms since the epoch; the earliest and the latest of vantages and sensors. Outlive the observations themselves. */
  readonly firstSeen: number
  readonly lastSeen: number
  /** Observations of our own vantages that held it. */
  readonly count: number
  /** How often sensors had it, at least: 0 without sensors. Counted apart. */
  readonly sensorCount: number
  /** Ids of our vantages and `sensor:<name>` of sensors that had it, sorted. */
  readonly vantages: readonly string[]
}

/** By what names are found. */
export type Pivot =
  | { readonly kind: 'address'; readonly address: string }
  /** Canonical CIDR text. */
  | { readonly kind: 'prefix'; readonly prefix: string }
  | { readonly kind: 'asn'; readonly asn: number }
  /** ISO 3166-1 alpha-2. */
  | { readonly kind: 'country'; readonly country: string }
  /** Names whose NS set holds the host. */
  | { readonly kind: 'name_server'; readonly host: string }

interface PageOf {
  readonly cursor: string | null
  /** Items a page, at least 1. */
  readonly limit: number
}

/** The records of one owner, in order of type and data. */
export interface RecordQuery extends PageOf {
  readonly name: string
  readonly type: string | null
  /** Only records last seen at or after this; ms. */
  readonly seenSince: number | null
}

/** Records at a pivot, by data first, in an order that does not change. A page may hold fewer than `limit` though there is a next one. */
export interface PivotQuery extends PageOf {
  readonly pivot: Pivot
  readonly seenSince: number | null
}

/** What appeared or went in `from` ≤ t < `to` (ms), in order of type and data. */
export interface ChangeQuery extends PageOf {
  readonly name: string
  readonly from: number
  readonly to: number
}

/** `appeared`: first seen in between · `gone`: last seen in between, and not since. Both can be true of one record. */
export interface RecordChange {
  readonly record: SeenRecord
  readonly appeared: boolean
  readonly gone: boolean
}

export interface NewAddressQuery extends PageOf {
  /** Owners that count together: one name, or the members of a network. */
  readonly names: readonly string[]
  readonly from: number | null
  readonly to: number | null
}

/** Distinct addresses that none of the names had before that hour. Hours without any are left out. */
export interface NewAddresses {
  /** Start of the hour (UTC), ms since the epoch. */
  readonly hour: number
  readonly addresses: number
}

/** Inclusive start, exclusive end, ms: whole hours (UTC) in each of which the address was seen. */
export interface ActiveInterval {
  readonly from: number
  readonly to: number
}

/** An address through everything that it served. */
export interface AddressLife {
  readonly address: string
  /** As they were when the address was first placed; null when unknown. */
  readonly asn: number | null
  readonly organisation: string | null
  readonly country: string | null
  readonly firstSeen: number
  readonly lastSeen: number
  /** Owners that had it in an A or AAAA record. */
  readonly names: number
  /** Oldest first, whole hours. Of the days that observations are kept for. */
  readonly intervals: readonly ActiveInterval[]
  /** Time between the first and the last interval in which it was not seen; ms. */
  readonly idleMs: number
}

/** `from` and `to`: ms; days that overlap them. Oldest first. Days without observations are left out. */
export interface DayQuery extends PageOf {
  readonly from: number | null
  readonly to: number | null
}

export interface DayStatistics {
  /** Start of the day (UTC), ms since the epoch. */
  readonly day: number
  /** Of our own vantages, by outcome. */
  readonly answer: number
  readonly nodata: number
  readonly nxdomain: number
  readonly failed: number
  readonly sensorObservations: number
  /** Records, owners and addresses (A, AAAA) that were first seen on that day. */
  readonly newRecords: number
  readonly newNames: number
  readonly newAddresses: number
}

/** Where an address is, to be kept with it. */
export interface AddressPlace {
  readonly address: string
  readonly asn: number | null
  readonly organisation: string | null
  readonly country: string | null
}

/** The questions that history answers from records. A cursor that was not made for the question throws `FLUX_INVALID`. */
export interface RecordHistory {
  records(query: RecordQuery): Promise<Page<SeenRecord>>
  recordsAt(query: PivotQuery): Promise<Page<SeenRecord>>
  changes(query: ChangeQuery): Promise<Page<RecordChange>>
  newAddresses(query: NewAddressQuery): Promise<Page<NewAddresses>>
  /** Null: never seen. */
  life(address: string): Promise<AddressLife | null>
  statistics(query: DayQuery): Promise<Page<DayStatistics>>
}
