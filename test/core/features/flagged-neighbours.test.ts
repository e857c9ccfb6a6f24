import { describe, expect, test } from 'vitest'
import { viewDomain } from '../../../src/core/features/domain-view.ts'
import { flaggedNeighbours } from '../../../src/core/features/flagged-neighbours.ts'
import { withFlagged, type Enrichment, type FlaggedAgents } from '../../../src/core/model/address-facts.ts'
import { newHostSeries } from '../../../src/core/series/host-series.ts'

const BARE: Enrichment = {
  hasAsn: false,
  hasCountry: false,
  factsOf: () => ({ asn: null, organisation: null, country: null }),
}

function measure(flagged: Partial<FlaggedAgents> | null): Record<string, unknown> {
  const enrichment = flagged
    ? withFlagged(BARE, { addresses: new Map(), nameServers: new Map(), ...flagged })
    : BARE
  const domain = 'www.bad.example'
  const series = { domain, host: newHostSeries(domain), zone: null, nameServers: [] }
  const view = viewDomain(series, enrichment, 0)
  return Object.fromEntries(flaggedNeighbours.map((feature) => [feature.id, feature.measure(view)]))
}

describe('Flagged neighbours', () => {
  test('are the distinct other registrable domains at the addresses, each counted once', () => {
    const addresses = new Map([
      ['20.0.0.1', ['bad.example', 'evil.example', 'worse.example']],
      ['20.0.0.2', ['evil.example']],
      ['20.0.0.3', ['bad.example']],
      ['20.0.0.4', []],
    ])
    expect(measure({ addresses })).toEqual({
      a_flagged_neighbours: { value: 2, support: 4 },
      a_flagged_addresses: { value: 2, support: 4 },
      ns_flagged_neighbours: { value: null, support: 0 },
      ns_flagged_addresses: { value: null, support: 0 },
    })
  })

  test('of the name servers are counted apart', () => {
    const nameServers = new Map([['20.9.0.1', ['evil.example']]])
    expect(measure({ nameServers })).toMatchObject({
      a_flagged_neighbours: { value: null },
      ns_flagged_neighbours: { value: 1, support: 1 },
      ns_flagged_addresses: { value: 1, support: 1 },
    })
  })

  test('are none, not unknown, where addresses were looked up in vain', () => {
    expect(measure({ addresses: new Map([['20.0.0.1', []]]) })).toMatchObject({
      a_flagged_neighbours: { value: 0, support: 1 },
      a_flagged_addresses: { value: 0, support: 1 },
    })
  })

  test('are unknown where nobody remembers verdicts', () => {
    for (const measured of Object.values(measure(null))) expect(measured).toEqual({ value: null, support: 0 })
  })
})
