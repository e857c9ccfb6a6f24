// What a context list is: hand-written names and owners that are known to look like flux and to be something else. A list says
// which kind of benign name it explains and how strongly; what that does to the decision is posterior arithmetic elsewhere.
import type { BenignAddressClass } from '../model/classes.ts'

/** The name itself, a steady CNAME target of it, the name servers of its zone, or the owners of its addresses. */
export const MATCHED_BY = ['name', 'cname', 'name_server', 'owner'] as const
export type MatchedBy = (typeof MATCHED_BY)[number]

export interface ContextEntry {
  /**
   * A domain name (A-labels, lower case): matches itself and everything under it. In a list of owners: the beginning of an AS
   * owner's name, in lower-case words of letters and digits.
   */
  readonly entry: string
  /** Where it is from, or why it is here. */
  readonly source: string
}

export interface ContextList {
  readonly list: string
  /** The kind of benign address set that a match speaks for. */
  readonly explains: BenignAddressClass
  /**
   * How strongly a match speaks for it, nats, by where it matched; where there is no number nothing is compared. All of them
   * hand-set, unvalidated.
   */
  readonly nats: Readonly<Partial<Record<MatchedBy, number>>>
  readonly entries: readonly ContextEntry[]
}

/** Entries that share a source. */
export function from(source: string, entries: readonly string[]): readonly ContextEntry[] {
  return entries.map((entry) => ({ entry, source }))
}
