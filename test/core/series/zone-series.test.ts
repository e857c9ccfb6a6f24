import { describe, expect, it } from 'vitest'
import type { Observation } from '../../../src/core/model/observation.ts'
import {
  currentNameServers,
  foldAndMarkZoneRound,
  foldZoneRound,
  newZoneSeries,
} from '../../../src/core/series/zone-series.ts'
import { START, watchZone, zoneRound } from './scripted-rounds.ts'

const SOA = (serial: number) => `ns1.example host.example ${serial} 7200 600 1209600 300`

const burnt = (round: number) => [0, 1, 2, 3].map((seat) => `ns${round * 4 + seat}.example`)
const fold = (observations: Observation[]) =>
  foldZoneRound(newZoneSeries('example.org'), {
    ...zoneRound('example.org', 1, 0, []),
    observations,
  })

describe('the zone series', () => {
  it('keeps first and last of each name-server name, and what the SOA said', () => {
    const zone = watchZone('example.org', [
      { at: 0, nameServers: ['ns1.example', 'ns2.example'], soa: SOA(1) },
      { at: 300, nameServers: ['ns1.example', 'ns3.example'], soa: SOA(1) },
      { at: 600, nameServers: ['ns1.example', 'ns3.example'], soa: SOA(2) },
    ])
    const byName = new Map(zone.nameServers.entries.map((seen) => [seen.key, seen]))
    expect(byName.get('ns3.example')!.first).toBe(START + 300_000)
    expect(byName.get('ns2.example')!.last).toBe(START)
    expect(zone.soa).toEqual({ serial: 2, serialChanges: 1, retrySeconds: 600, primary: 'ns1.example' })
  })

  it('watches those of the latest answered round first, then those that left within the hour', () => {
    const zone = watchZone('example.org', [
      { at: 0, nameServers: ['old.example'] },
      { at: 5000, nameServers: ['gone.example', 'stay.example'] },
      { at: 6000, nameServers: ['stay.example', 'new.example'] },
      { at: 6100, nameServers: [] },
    ])
    expect(currentNameServers(zone, START + 6_100_000)).toEqual([
      'new.example',
      'stay.example',
      'gone.example',
    ])
  })

  it('watches at most 13 of them', () => {
    const nameServers = Array.from({ length: 40 }, (_, index) => `ns${index}.example`)
    expect(currentNameServers(watchZone('example.org', [{ at: 0, nameServers }]), START)).toHaveLength(13)
  })

  it('watches the current set of a zone that burns four new names a round', () => {
    for (const rounds of [1, 20, 100, 300]) {
      const zone = watchZone(
        'example.org',
        Array.from({ length: rounds }, (_, round) => ({ at: round * 60, nameServers: burnt(round) })),
      )
      const watched = currentNameServers(zone, START + rounds * 60_000)
      expect(watched.slice(0, 4)).toEqual(burnt(rounds - 1).toSorted())
      expect(watched).toHaveLength(rounds === 1 ? 4 : 13)
    }
  })

  it('takes together what the vantages of a round say, in whatever order they answer', () => {
    const [first, second, third] = ['b', 'a', 'c'].map((name, index) => ({
      ...zoneRound('example.org', 1, 0, [`${name}.example`]).observations[0]!,
      vantage: `v${index}`,
    }))
    const failed = { ...first!, vantage: 'v9', outcome: 'failed' as const, answer: [] }
    expect(fold([first!, second!, third!, failed]).current).toEqual(['a.example', 'b.example', 'c.example'])
    expect(fold([failed, third!, first!, second!])).toEqual(fold([first!, second!, third!, failed]))
  })

  it('keeps to the latest answered set while nobody answers, however long', () => {
    const zone = watchZone('example.org', [
      { at: 0, nameServers: ['ns1.example'] },
      { at: 90_000, nameServers: [] },
    ])
    expect(currentNameServers(zone, START + 90_000_000)).toEqual(['ns1.example'])
  })

  it('stays bounded when every round brings other names', () => {
    const rounds = Array.from({ length: 300 }, (_, index) => ({
      at: index,
      nameServers: [`ns${index}.example`],
    }))
    expect(watchZone('example.org', rounds).nameServers.entries).toHaveLength(64)
  })

  it('takes a counted-down NS or SOA answer for a repeat, per vantage, and a new set for fresh', () => {
    const counted = (number: number, at: number, ttl: number, names: readonly string[], vantage = 'v1') => {
      const round = zoneRound('example.org', number, at, names, SOA(1))
      return {
        ...round,
        observations: round.observations.map((observation) => ({
          ...observation,
          vantage,
          answer: observation.answer.map((record) => ({ ...record, ttlSeconds: ttl })),
        })),
      }
    }
    const rounds = [
      counted(1, 0, 3600, ['ns1.example']),
      counted(2, 600, 3000, ['ns1.example']),
      counted(3, 900, 3600, ['ns1.example'], 'v2'),
      counted(4, 1200, 2400, ['ns2.example']),
      counted(5, 4800, 3600, ['ns2.example']),
    ]
    let zone = newZoneSeries('example.org')
    const found = rounds.map((round) => {
      const folded = foldAndMarkZoneRound(zone, round)
      zone = folded.series
      return folded.observations.map(({ freshness }) => freshness)
    })
    expect(found).toEqual([
      ['fresh', 'fresh'],
      ['cached', 'cached'],
      ['fresh', 'fresh'],
      // Another set of names is another answer; the SOA beside it is the one that was seen.
      ['fresh', 'cached'],
      ['fresh', 'fresh'],
    ])
    expect(
      zone.views.map(({ vantage, type, freshAnswers, repeats }) => [vantage, type, freshAnswers, repeats]),
    ).toEqual([
      ['v1', 'NS', 3, 1],
      ['v1', 'SOA', 2, 2],
      ['v2', 'NS', 1, 0],
      ['v2', 'SOA', 1, 0],
    ])
    expect(zone.nameServers.entries.map(({ key, count }) => [key, count]).toSorted()).toEqual([
      ['ns1.example', 2],
      ['ns2.example', 2],
    ])
  })

  it('does not take the old serial of a farm’s other cache for a change', () => {
    const soa = (number: number, at: number, ttl: number, serial: number) => {
      const round = zoneRound('example.org', number, at, ['ns1.example'], SOA(serial))
      return {
        ...round,
        observations: round.observations.map((observation) => ({
          ...observation,
          answer: observation.answer.map((record) => ({ ...record, ttlSeconds: ttl })),
        })),
      }
    }
    const zone = [soa(1, 0, 3600, 1), soa(2, 60, 3600, 2), soa(3, 120, 3480, 1), soa(4, 180, 3480, 2)].reduce(
      foldZoneRound,
      newZoneSeries('example.org'),
    )
    expect(zone.soa).toMatchObject({ serial: 2, serialChanges: 1 })
    expect(zone.views.find(({ type }) => type === 'SOA')).toMatchObject({ caches: 2, repeats: 2 })
  })

  it('ignores a round that was delivered before', () => {
    const zone = watchZone('example.org', [{ at: 0, nameServers: ['ns1.example'] }])
    expect(foldZoneRound(zone, zoneRound('example.org', 1, 0, ['ns1.example']))).toBe(zone)
  })
})
