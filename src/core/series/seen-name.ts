// A name (name server, CNAME target) with when and how often it was seen, and what room it takes.

export interface SeenName {
  readonly key: string
  /** ms since the epoch. */
  readonly first: number
  readonly last: number
  /** Answers that carried it; which ones count, the series that holds it decides. */
  readonly count: number
}

export function mergeSeenName(held: SeenName, fresh: SeenName): SeenName {
  return {
    key: held.key,
    first: Math.min(held.first, fresh.first),
    last: Math.max(held.last, fresh.last),
    count: held.count + fresh.count,
  }
}

/** Characters that count as one name; room for most names that anybody has. */
const USUAL_CHARACTERS = 32

/**
 * What a name takes of a sketch's limit: 1 for each 32 characters as stored. A hostile one has up to 255 octets, four characters an
 * octet where they are escaped, and takes half of the limit at most.
 */
export function weighName(key: string, limit: number): number {
  return Math.min(Math.ceil((JSON.stringify(key).length + 1) / USUAL_CHARACTERS), limit / 2)
}
