// The points of Nazario and Holz, "As the Net Churns: Fast-Flux Botnet Observations", MALWARE 2008 (Arbor ATLAS).
// Open in the paper: which pairs the mean distance is over. We take all pairs, the largest of the usual readings.
import type { Member } from '../features/member.ts'
import { meanPairDistance } from './numeric-distance.ts'
import type { PanelDetector } from './panel-detector.ts'

const SHORT_SECONDS = 900
/** A /16 less one. For the name servers the paper prints 65,355, which we take for a slip of the pen. */
const FAR = 65_535
export const POINTS_THRESHOLD = 4

export interface ScoredFacts {
  /** Null: not known, no point. */
  readonly ttlSeconds: number | null
  readonly addresses: number
  readonly meanDistance: number | null
  readonly asns: number | null
  readonly nameServers: number | null
  readonly nameServerMeanDistance: number | null
  readonly nameServerAsns: number | null
  readonly soaRetrySeconds: number | null
}

/** One point for each of nine rules, 0…9; fluxy if more than 4. */
export function nazarioHolzPoints(facts: ScoredFacts): number {
  const isFar = (facts.meanDistance ?? 0) > FAR
  const rules = [
    (facts.ttlSeconds ?? Infinity) < SHORT_SECONDS,
    facts.addresses > 5,
    isFar,
    facts.addresses > 8 && isFar,
    (facts.asns ?? 0) > 2,
    (facts.nameServerMeanDistance ?? 0) > FAR,
    (facts.nameServers ?? 0) > 3,
    (facts.nameServerAsns ?? 0) > 2,
    (facts.soaRetrySeconds ?? Infinity) < SHORT_SECONDS,
  ]
  let points = 0
  for (const holds of rules) if (holds) points += 1
  return points
}

export const nazarioHolz2008: PanelDetector = {
  detector: 'nazario-holz-2008',
  computes: 'The sum of its points (of nine)',
  threshold: POINTS_THRESHOLD,
  meaning:
    'Points, one each: A TTL < 900 s · more than 5 A addresses · their mean numeric distance > 65,535 · more than 8 of them and that distance · more than 2 ASNs · name-server addresses that far apart · more than 3 name servers · more than 2 ASNs of theirs · SOA RETRY < 900 s. Flags above 4. The mean is over all pairs (the paper leaves it open); the TTL is the largest of a fresh answer.',
  source: 'Nazario and Holz: As the Net Churns, MALWARE 2008',
  blindSpot:
    'A well-distributed site with a short TTL collects five points; change over time is worth none; one address at a time gets few.',
  leftOut:
    'Its whitelist, and that a name is cut to its registered domain. A rule whose fact is unknown gives no point. IPv6 addresses have no numeric distance.',
  measure({ view, table }) {
    if (view.a.members.length === 0) return null
    return nazarioHolzPoints({
      ttlSeconds: table.value('a_ttl_max'),
      addresses: table.count('a_addresses'),
      meanDistance: meanPairDistance(numbersOf(view.a.members)),
      asns: table.value('a_asns'),
      nameServers: table.value('ns_names'),
      nameServerMeanDistance: meanPairDistance(numbersOf(view.nameServerPool.members)),
      nameServerAsns: table.value('ns_asns'),
      soaRetrySeconds: table.value('soa_retry'),
    })
  },
}

function numbersOf(members: readonly Member[]): readonly number[] {
  const numbers: number[] = []
  for (const { number } of members) if (number >= 0) numbers.push(number)
  return numbers
}
