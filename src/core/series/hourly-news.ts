// How many A addresses nobody had seen before came at which hour of the day: home machines are switched off at night. Counted
// only from some number of addresses on, so that the many names with few of them do not carry 48 counters each.

/** Addresses (A and AAAA) that a host must have shown before its hours are counted. Hand-set. */
export const HOURLY_FROM = 16
const HOUR_MS = 3_600_000

export interface HourlyNews {
  /** Time of the first look that was counted; ms since the epoch. */
  readonly since: number
  /** Fresh A looks by hour of the day, UTC; 24 of them. */
  readonly looks: readonly number[]
  /** Addresses that came in them and that nobody had given before; of a sketch an estimate. */
  readonly news: readonly number[]
}

/** `news`: as estimated for all addresses. `at`: ms since the epoch. */
export function countHour(hours: HourlyNews | null, at: number, news: number): HourlyNews {
  const { since, looks, news: before } = hours ?? { since: at, looks: NONE, news: NONE }
  const hour = Math.floor(at / HOUR_MS) % 24
  return {
    since,
    looks: looks.with(hour, looks[hour]! + 1),
    news: news === 0 ? before : before.with(hour, before[hour]! + news),
  }
}

const NONE: readonly number[] = Array.from({ length: 24 }, () => 0)
