// How much two sets of agents have in common, and whether that is enough. The formulas of grouping, without the grouping.
import { LEAST_SHARED } from './link-weight.ts'

/** What is known of a group, enough to judge a further member; kept between two groupings. */
export interface ClusterShape {
  /** Sum of its members' volumes (an agent counts as its weight), and of their squares. */
  readonly volume: number
  readonly squares: number
  /** Pairs of agents of two of its members, ordered, that are the same address; weighted. */
  readonly meetings: number
  /** More members than this at one address count as so many: it is a hub, not a machine. */
  readonly cap: number
}

export interface ClusterRule {
  /** Share of what its own members have in common that others must have with it to belong to a group; 0…1. */
  readonly containment: number
  /** The same for those that were together before: who is in stays in down to this. */
  readonly stay: number
}

/** Two lone names have this share of the smaller one's agents in common, and at least two. Measured with bench/networks. */
const PAIR_SHARE = 0.04
/** Chance shares little more than this many times its own deviation. Hand-set. */
const DEVIATIONS = 1
/** At an address of more members than this, so many speak for all: the ones that a hash of their names puts first. Hand-set. */
export const SPEAKERS = 64
/** The cap of a group in which no two members have met. */
export const UNCAPPED = Number.MAX_SAFE_INTEGER

/**
 * How much two sets share, in units of what the less diverse of the two shares with itself: Morisita's index of overlap (1959), for
 * the smaller denominator. A chance agent of one is a chance agent of the other with probability `meetings / (volumeA · volumeB)`;
 * for two samples of one pool that does not depend on how large they are, so that names which saw little of a large pool fit
 * each other as well as those that saw all of a small one. 1: one pool, 0.1: a tenth of the smaller pool is shared.
 */
export function overlap(meetings: number, volumeA: number, volumeB: number, density: number): number {
  const whole = volumeA * volumeB * density
  return whole > 0 ? meetings / whole : 0
}

/** Probability that two chance agents of two chance members are one address. */
export function densityOf({ volume, squares, meetings }: ClusterShape): number {
  const pairs = volume * volume - squares
  return pairs > 0 && meetings > 0 ? meetings / pairs : 0
}

/** `shared`: addresses in common, weighted. Few of them vary by chance, so that the bar is lower for few. */
export function isEnough(overlapping: number, shared: number, bar: number): boolean {
  return shared >= LEAST_SHARED && overlapping * (1 + DEVIATIONS / Math.sqrt(shared)) >= bar
}

/**
 * Whether two that overlap so much belong together. Who was together stays so down to the lower bar, but by what is there, not by what
 * chance may have left out.
 */
export function isTied(
  overlapping: number,
  shared: number,
  wereTogether: boolean,
  { containment, stay }: ClusterRule,
): boolean {
  return (
    isEnough(overlapping, shared, containment) ||
    (wereTogether && shared >= LEAST_SHARED && overlapping >= stay)
  )
}

/** Whether two lone names belong together: of one name it is not known how diverse its pool is. */
export function isPair(shared: number, smallerVolume: number): boolean {
  return shared >= LEAST_SHARED && shared >= PAIR_SHARE * smallerVolume
}

/**
 * For how much of a name's agent at an address a group speaks that has `there` of `all` names there. Rounded, so that sums of votes do
 * not depend on their order.
 */
export function voteOf(weight: number, there: number, all: number): number {
  return Math.round((weight * there * 4096) / Math.max(1, all - 1)) / 4096
}
