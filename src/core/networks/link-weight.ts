// What a shared address says of two names that share it: how far it counts at all. How much of what they have must be shared is
// decided in pool-overlap.ts.

/** One shared address may be injected, or have changed hands; as for neighbours (detect/neighbours.ts). */
export const LEAST_SHARED = 2

/**
 * With more strangers than this an address is a sinkhole, a parking page or somebody's CDN. 392 is the most names that Nazario and
 * Holz (MALWARE 2008) saw at one address; it was parking.
 */
export const CROWD = 392

/**
 * How exclusively flagged names use an address: the square of their share among the names that were seen there; 0…1, in steps of
 * 1/1024, so that sums do not depend on their order. Hand-set: half of the names strangers, and it counts a quarter.
 *
 * `flagged`: names at it that stand alone. 0 for a crowd of strangers.
 */
export function exclusivity(flagged: number, strangers: number): number {
  if (strangers > CROWD) return 0
  const share = flagged / (flagged + strangers)
  return Math.round(share * share * 1024) / 1024
}

/** Networks that may meet at one machine before it is taken for somebody's shared hosting: two bots on it are no rarity. Hand-set. */
const MEETING = 3

/** Factor for an address at which so many networks meet, 0…1, in the same steps. */
export function exclusivityAmong(networks: number): number {
  return networks <= MEETING ? 1 : Math.round((MEETING / networks) ** 2 * 1024) / 1024
}
