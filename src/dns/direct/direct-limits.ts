// The bounds of the direct vantage, in one place. A hostile zone decides where a walk goes next, so all of it is bounded.

export interface DirectLimits {
  /** One look from its start to its end; milliseconds. */
  readonly lookMs: number
  /** Packets of one look, retries included. */
  readonly packets: number
  /** Of those, how many may go into finding the zone and its name servers' addresses: the rest asks the zone. */
  readonly walkPackets: number
  /** Packets to find the addresses of one name server that comes without glue; each look-up on the way counts as one more. */
  readonly packetsPerNameServer: number
  /** Name servers whose names hang on each other without glue, one below the other. */
  readonly gluelessDepth: number
  /** Name servers without glue that are looked up to take one step of a walk. */
  readonly gluelessTries: number
  /** Servers of one zone that are asked to take one step of a walk. */
  readonly triesPerStep: number
  /** Servers of the parent zone that are asked afresh for a delegation. */
  readonly parentServers: number
  /** Name servers of a zone that are asked, and addresses of each, and in all. */
  readonly nameServers: number
  readonly addressesPerNameServer: number
  readonly authoritiesPerZone: number
  /** Delegations and addresses of name servers that are remembered, each. */
  readonly cacheEntries: number
  /** Nothing is remembered longer, whatever its TTL; seconds. */
  readonly maxTtlSeconds: number
  /** A server that was silent to a name is not asked for it so long, nor, once it was to two, for any; milliseconds. */
  readonly silenceMs: number
  /** Authorities with open sockets and a rate at the same time. */
  readonly authorities: number
  /** A question that would wait longer for its turn at an authority fails as `throttled`; milliseconds. */
  readonly maxWaitMs: number
}

/**
 * Hand-set, but for: 13 name servers are what fits a classic referral (the root's own number); three look-ups of
 * glueless name servers a step keep the amplification of a hostile delegation small ("NXNSAttack", Afek et al., 2020).
 */
export const DEFAULT_DIRECT_LIMITS: DirectLimits = {
  lookMs: 20_000,
  packets: 100,
  walkPackets: 60,
  packetsPerNameServer: 30,
  gluelessDepth: 6,
  gluelessTries: 3,
  triesPerStep: 6,
  parentServers: 2,
  nameServers: 13,
  addressesPerNameServer: 2,
  authoritiesPerZone: 16,
  cacheEntries: 10_000,
  maxTtlSeconds: 3600,
  silenceMs: 30_000,
  authorities: 512,
  maxWaitMs: 5000,
}
