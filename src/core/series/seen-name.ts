// A name (name server, CNAME target) with when and how often it was seen.

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
