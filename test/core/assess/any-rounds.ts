// Rounds that nobody would think of, for properties: any vantage sees any addresses, or fails, at any time.
import * as fc from 'fast-check'
import { assess } from '../../../src/core/assess.ts'
import { currentModel } from '../../../src/core/detect/model/current-model.ts'
import type { LogOdds } from '../../../src/core/detect/posterior.ts'
import { weigh } from '../../../src/core/detect/weigh.ts'
import type { FailureKind } from '../../../src/core/dns/reply.ts'
import { measureFeatures } from '../../../src/core/features/catalogue.ts'
import { viewDomain } from '../../../src/core/features/domain-view.ts'
import { FeatureTable } from '../../../src/core/features/feature-definition.ts'
import type { Assessment } from '../../../src/core/model/assessment.ts'
import { DEFAULT_POLICY } from '../../../src/core/policy.ts'
import type { HostSeries } from '../../../src/core/series/host-series.ts'
import { domainOf, START, watchHost } from '../series/scripted-rounds.ts'
import type { Look } from '../series/scripted-rounds.ts'
import { home, hosted, NETWORKS } from './networks.ts'

const MODEL = currentModel()

export const NAME = 'shop.example'
/** Seconds from round to round. */
export const EVERY = 100

/** Everything that is judged together: the rounds of the name, and those of each name server. */
export interface Script {
  readonly host: readonly (readonly Look[])[]
  readonly servers: readonly (readonly (readonly Look[])[])[]
}

/** The failures that are the resolver's or the zone's doing, and our own. */
export const TARGET_FAILURES = [
  'timeout',
  'servfail',
  'refused',
  'formerr',
  'notimp',
  'rcode_other',
  'malformed',
  'tcp_failed',
] as const satisfies readonly FailureKind[]
export const OWN_FAILURES = [
  'network',
  'http_error',
  'vantage_down',
  'throttled',
  'opted_out',
] as const satisfies readonly FailureKind[]

const VANTAGES = ['v1', 'v2', 'v3']
const PLACES = fc.oneof(fc.nat({ max: 60 }).map(home), fc.nat({ max: 20 }).map(hosted))

const look = fc.record({
  vantage: fc.constantFrom(...VANTAGES),
  ttl: fc.constantFrom(0, 60, 300),
  late: fc.integer({ min: 0, max: 3 }),
  a: fc.uniqueArray(PLACES, { maxLength: 8 }),
})
/** Six addresses out of a few, drawn for everybody anew: flux and its look-alikes, where any rounds would be noise. */
const drawn = fc
  .record({ first: fc.nat({ max: 40 }), step: fc.nat({ max: 6 }), ttl: fc.constantFrom(0, 60, 300) })
  .map(({ first, step, ttl }) =>
    Array.from({ length: 9 }, (_, round): Look[] =>
      VANTAGES.map((vantage) => ({
        at: round * EVERY,
        vantage,
        ttl,
        a: Array.from({ length: 6 }, (__, seat) => home(first + round * step + seat)),
      })),
    ),
  )
const noise = fc
  .array(fc.array(look, { minLength: 1, maxLength: 6 }), { minLength: 1, maxLength: 8 })
  .map((rounds) =>
    rounds.map((looks, round) =>
      looks.map(({ late, ...rest }): Look => ({ ...rest, at: round * EVERY + late })),
    ),
  )
/** One to six machines that stand still, at home or hosted; perhaps another set from some round on. */
const steady = fc
  .record({
    machines: fc.uniqueArray(PLACES, { minLength: 1, maxLength: 6 }),
    later: fc.uniqueArray(PLACES, { minLength: 1, maxLength: 6 }),
    moves: fc.constantFrom(3, 6, 99),
    ttl: fc.constantFrom(0, 60, 300),
  })
  .map(({ machines, later, moves, ttl }) =>
    Array.from({ length: 9 }, (_, round): Look[] =>
      VANTAGES.map((vantage) => ({ at: round * EVERY, vantage, ttl, a: round < moves ? machines : later })),
    ),
  )
const rounds = fc.oneof(
  { weight: 1, arbitrary: noise },
  { weight: 1, arbitrary: drawn },
  { weight: 3, arbitrary: steady },
)

export const anyScript: fc.Arbitrary<Script> = fc.record({
  host: rounds,
  servers: fc.array(fc.oneof(steady, steady, rounds), { maxLength: 2 }),
})

export const nameOfServer = (index: number) => `ns${index}.${NAME}`

export interface Watched {
  readonly host: HostSeries
  readonly servers: readonly HostSeries[]
}

export function watchScript({ host, servers }: Script): Watched {
  return {
    host: watchHost(NAME, host),
    servers: servers.map((one, index) => watchHost(nameOfServer(index), one)),
  }
}

/** At a time after all rounds, so that it is the same for a script and for any variant of it. */
export function judgeAtTheEnd({ host, servers }: Watched): Assessment {
  return assess(domainOf(host, servers), NETWORKS, DEFAULT_POLICY, START + 3_600_000)
}

/** What speaks for each half, before it is rounded for show and long before it is as good as certain. Nats. */
export function oddsAtTheEnd({ host, servers }: Watched): LogOdds {
  const now = START + 3_600_000
  const view = viewDomain(domainOf(host, servers), NETWORKS, now)
  return weigh(MODEL, new FeatureTable(measureFeatures(view)), [], DEFAULT_POLICY, now).odds
}
