// How large a service must be for so many watched names: the measured unit costs times stated assumptions. Pure arithmetic; what
// it cannot know (real TTLs, the share of names that move) stands among the assumptions, to be replaced by one's own.
import type { Policy } from '../../src/core/policy.ts'
import type { UnitCosts } from './unit-costs.ts'

export interface SizingAssumptions {
  /** Of the names, those with a verdict that stands; the others are looked at as often as the undecided. Ratio. */
  readonly settledShare: number
  readonly settledIntervalSeconds: number
  readonly undecidedIntervalSeconds: number
  /** Of zones and of the hosts of name servers. */
  readonly sharedIntervalSeconds: number
  readonly vantages: number
  /** Of each vantage in a round: A and AAAA, or NS and SOA. */
  readonly questionsPerVantage: number
  readonly zonesPerName: number
  readonly namesPerNameServer: number
  /** Share of a core, of a Redis master and of its memory that is planned to be used in the mean. Ratio. */
  readonly utilisation: number
  readonly memoryPerMasterOctets: number
}

export interface Sizing {
  readonly names: number
  readonly roundsPerSecond: number
  readonly queriesPerSecond: number
  /** Both directions together; bits per second. */
  readonly bitsPerSecond: number
  readonly workerCores: number
  readonly redisCores: number
  readonly redisOctets: number
  readonly redisMasters: number
  readonly historyOctetsPerDay: number
}

const DAY_SECONDS = 86_400
/** The vantages with which the wire was measured. */
const MEASURED_VANTAGES = 3

/** The intervals are the policy's longest: what a schedule without a user's wish comes to. */
export function assumptionsFrom(policy: Policy): SizingAssumptions {
  return {
    settledShare: 0.97,
    settledIntervalSeconds: policy.maxIntervalSeconds,
    undecidedIntervalSeconds: policy.undecidedMaxIntervalSeconds,
    sharedIntervalSeconds: policy.maxIntervalSeconds,
    vantages: MEASURED_VANTAGES,
    questionsPerVantage: 2,
    zonesPerName: 1,
    namesPerNameServer: 100,
    utilisation: 0.6,
    memoryPerMasterOctets: 32e9,
  }
}

/** In the mean over a day: peaks after a mass submission are what `utilisation` leaves room for. */
export function sizeFor(names: number, costs: UnitCosts, assumed: SizingAssumptions): Sizing {
  const { settledShare, utilisation } = assumed
  const watched =
    names *
    (settledShare / assumed.settledIntervalSeconds + (1 - settledShare) / assumed.undecidedIntervalSeconds)
  const servers = names / assumed.namesPerNameServer / assumed.sharedIntervalSeconds
  const hosts = watched + servers
  const zones = (names * assumed.zonesPerName) / assumed.sharedIntervalSeconds
  const wireScale = assumed.vantages / MEASURED_VANTAGES
  const redisLoad = (hosts * costs.hostRound.redisUs + zones * costs.zoneRound.redisUs) / 1e6
  const redisOctets = names * costs.redisOctetsPerName
  return {
    names,
    roundsPerSecond: hosts + zones,
    queriesPerSecond: (hosts + zones) * assumed.vantages * assumed.questionsPerVantage,
    bitsPerSecond: 8 * wireScale * (hosts * costs.hostWire.octets + zones * costs.zoneWire.octets),
    workerCores: (hosts * costs.hostRound.workerUs + zones * costs.zoneRound.workerUs) / 1e6 / utilisation,
    redisCores: redisLoad / utilisation,
    redisOctets,
    redisMasters: Math.max(
      1,
      // A master has one core for its commands.
      Math.ceil(redisLoad / utilisation),
      Math.ceil(redisOctets / utilisation / assumed.memoryPerMasterOctets),
    ),
    historyOctetsPerDay: (hosts + zones) * costs.historyOctetsPerRound * DAY_SECONDS,
  }
}
