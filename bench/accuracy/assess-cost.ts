// What one `assess()` costs: CPU time of a stable name, and of one with a thousand addresses in consumer networks.
import { assess } from '../../src/core/assess.ts'
import type { Enrichment } from '../../src/core/model/address-facts.ts'
import { DEFAULT_POLICY } from '../../src/core/policy.ts'
import type { DomainSeries } from '../../src/core/series/domain-series.ts'
import { foldHostRound, newHostSeries } from '../../src/core/series/host-series.ts'
import { addressesIn } from '../../src/lab/address-plan.ts'
import { populationPlan } from '../../src/lab/population/population-plan.ts'
import { createDice } from '../../src/lab/random.ts'
import { enrichmentOf } from '../../src/lab/watch/watch-enrichment.ts'

const START = Date.UTC(2026, 0, 5)
const EVERY_SECONDS = 300
const ROUNDS = 125
const ADDRESSES = 1000
const VANTAGES = ['resolver-eu', 'resolver-us', 'resolver-asia'] as const
const BATCHES = 5
const BATCH_MS = 200

/** Microseconds of user and system time of one call, the median of some batches. */
export function measureAssess(): { readonly stable: number; readonly thousand: number } {
  const plan = populationPlan('report')
  const enrichment = enrichmentOf(plan)
  const systems = plan.systemsOf('consumer')
  const dice = createDice('assess-cost')
  const many = Array.from(
    { length: ADDRESSES },
    (_, index) => addressesIn(systems[index % systems.length]!, 1, {}, dice, index)[0]!,
  )
  const shown = ADDRESSES / ROUNDS
  return {
    stable: costOf(
      seriesOf(() => many.slice(0, 1)),
      enrichment,
    ),
    thousand: costOf(
      seriesOf((round) => many.slice(round * shown, (round + 1) * shown)),
      enrichment,
    ),
  }
}

function seriesOf(addressesOf: (round: number) => readonly string[]): DomainSeries {
  const domain = 'www.measured-name.example'
  let host = newHostSeries(domain)
  for (let round = 0; round < ROUNDS; round += 1) {
    const startedAt = START + round * EVERY_SECONDS * 1000
    const answer = addressesOf(round).map((data) => ({ name: domain, type: 'A', ttlSeconds: 300, data }))
    host = foldHostRound(host, {
      target: { kind: 'host', name: domain },
      number: round + 1,
      startedAt,
      observations: VANTAGES.map((vantage) => ({
        at: startedAt + 40,
        vantage,
        qname: domain,
        qtype: 'A',
        outcome: 'answer',
        rcode: 'NOERROR',
        rttMs: 40,
        answer,
        authority: [],
        additional: [],
      })),
    })
  }
  return { domain, host, zone: null, nameServers: [] }
}

function costOf(series: DomainSeries, enrichment: Enrichment): number {
  const now = START + ROUNDS * EVERY_SECONDS * 1000
  const batches = Array.from({ length: BATCHES }, () => {
    const from = process.cpuUsage()
    const until = performance.now() + BATCH_MS
    let calls = 0
    while (performance.now() < until) {
      assess(series, enrichment, DEFAULT_POLICY, now)
      calls += 1
    }
    const { user, system } = process.cpuUsage(from)
    return (user + system) / calls
  })
  return batches.toSorted((a, b) => a - b)[Math.floor(BATCHES / 2)]!
}
