import { describe, expect, it } from 'vitest'
import { neighbourEvidence } from '../../../src/core/detect/neighbours.ts'
import { DEFAULT_POLICY } from '../../../src/core/policy.ts'
import { tableOf } from './table-of.ts'

const CAP = DEFAULT_POLICY.neighbourNats
const shared = (neighbours: number, addresses: number, moved: number) =>
  neighbourEvidence(
    tableOf({
      a_flagged_neighbours: neighbours,
      a_flagged_addresses: addresses,
      a_new_addresses: moved,
    }),
    CAP,
  )

describe('neighbours', () => {
  it('say nothing through one shared address: it may be injected, or have changed hands', () => {
    expect(shared(50, 1, 9)).toEqual([])
    expect(shared(50, 2, 9)).toHaveLength(1)
  })

  it('say nothing of a name that stands still', () => {
    expect(shared(50, 8, 0)).toEqual([])
  })

  it('say nothing where nobody remembers', () => {
    expect(neighbourEvidence(tableOf({ a_new_addresses: 9 }), CAP)).toEqual([])
  })

  it('add ln(1 + n) / 2 nats, up to the cap: 0.35 for one, 0.8 for four, never more than the cap', () => {
    expect(shared(1, 2, 1)[0]!.weight).toBe(0.35)
    expect(shared(4, 2, 1)[0]!.weight).toBe(0.8)
    expect(shared(400, 64, 1)[0]!.weight).toBe(CAP)
  })

  it('of a name that moves in AAAA alone count as well', () => {
    const table = tableOf({ a_flagged_neighbours: 3, a_flagged_addresses: 2, aaaa_new_addresses: 4 })
    expect(neighbourEvidence(table, CAP)).toHaveLength(1)
  })

  it('of the name servers count for name servers that move, and for nothing else', () => {
    const given = { ns_flagged_neighbours: 3, ns_flagged_addresses: 2 }
    expect(neighbourEvidence(tableOf({ ...given, a_new_addresses: 9 }), CAP)).toEqual([])
    expect(neighbourEvidence(tableOf({ ...given, ns_new_addresses: 1 }), CAP)).toMatchObject([
      { id: 'ns-flagged-neighbours', about: 'name_servers', pointsTo: 'flux', value: 3, unit: 'domains' },
    ])
  })

  it('are told with both numbers', () => {
    expect(shared(7, 3, 1)[0]!.text).toBe(
      '7 other domains that were flagged served from 3 addresses of this name.',
    )
    expect(shared(1, 2, 1)[0]!.text).toMatch(/^1 other domain that was flagged served from 2 addresses/)
  })
})

describe('the network', () => {
  const known = { a_flagged_addresses: 3, a_new_addresses: 4 }
  const pieces = (neighbours: number, domains: number, shared = 2, moved = 4) =>
    neighbourEvidence(
      tableOf({
        ...known,
        a_new_addresses: moved,
        a_flagged_neighbours: neighbours,
        a_network_domains: { value: domains, support: shared },
      }),
      CAP,
    )

  it('adds ln(1 + n) / 3 nats: 0.83 for eleven others, the cap from 90 on, about what its source counts', () => {
    expect(pieces(0, 11)).toMatchObject([{ id: 'a-network-domains', weight: 0.83, value: 11 }])
    expect(pieces(0, 80)[0]!.weight).toBeLessThan(CAP)
    expect(pieces(0, 108)[0]!.weight).toBe(CAP)
    expect(pieces(0, 5_000)[0]!.weight).toBe(CAP)
  })

  it('and the neighbours are one fact: the heavier of the two counts, never both', () => {
    expect(pieces(3, 4).map(({ id, weight }) => [id, weight])).toEqual([['a-flagged-neighbours', 0.69]])
    expect(pieces(3, 400).map(({ id, weight }) => [id, weight])).toEqual([['a-network-domains', CAP]])
    expect(pieces(400, 400).map(({ weight }) => weight)).toEqual([CAP])
  })

  it('says nothing through one shared address, nor of a name that stands still', () => {
    expect(pieces(0, 400, 1)).toEqual([])
    expect(pieces(0, 400, 9, 0)).toEqual([])
  })

  it('is told with its number', () => {
    expect(pieces(0, 11)[0]!.text).toBe(
      'The network of names that serve from the same addresses has 11 other domains that were flagged.',
    )
  })
})
