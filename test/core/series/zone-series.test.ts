import { describe, expect, it } from 'vitest'
import { currentNameServers, foldZoneRound } from '../../../src/core/series/zone-series.ts'
import { START, watchZone, zoneRound } from './scripted-rounds.ts'

const SOA = (serial: number) => `ns1.example host.example ${serial} 7200 600 1209600 300`

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

  it('stays bounded when every round brings other names', () => {
    const rounds = Array.from({ length: 300 }, (_, index) => ({
      at: index,
      nameServers: [`ns${index}.example`],
    }))
    expect(watchZone('example.org', rounds).nameServers.entries).toHaveLength(64)
  })

  it('ignores a round that was delivered before', () => {
    const zone = watchZone('example.org', [{ at: 0, nameServers: ['ns1.example'] }])
    expect(foldZoneRound(zone, zoneRound('example.org', 1, 0, ['ns1.example']))).toBe(zone)
  })
})
