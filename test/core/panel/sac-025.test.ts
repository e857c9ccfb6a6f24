import { describe, expect, it } from 'vitest'
import { countSac025Signs, sac025 } from '../../../src/core/panel/sac-025.ts'
import type { ZoneSeries } from '../../../src/core/series/zone-series.ts'
import { ownAnswer, referral, watchDelegation } from '../series/scripted-authorities.ts'
import { watchZone } from '../series/scripted-rounds.ts'
import { hostAlone, opinionOn } from './panel-of.ts'

const inZone = (zone: ZoneSeries) => ({ ...hostAlone([{ at: 0, a: ['61.1.0.1'] }]), zone })

describe('the signs of SAC 025', () => {
  it('are two changes of the NS records, and an address TTL at the parent under half an hour', () => {
    expect(countSac025Signs({ changes: 1, glueTtlSeconds: 1800 })).toBe(0)
    expect(countSac025Signs({ changes: 2, glueTtlSeconds: null })).toBe(1)
    expect(countSac025Signs({ changes: 0, glueTtlSeconds: 1799 })).toBe(1)
    expect(countSac025Signs({ changes: 2, glueTtlSeconds: 60 })).toBe(2)
  })

  it('count glue that moves at the parent', () => {
    const look = (at: number, address: string, glueTtl = 172_800) => {
      const side = { names: { 'ns1.evil.example': [address] }, glueTtl }
      return [referral(at, side), ownAnswer(at, side)]
    }
    const once = watchDelegation([look(0, '61.1.0.1'), look(3600, '61.2.0.1')])
    const twice = watchDelegation([look(0, '61.1.0.1'), look(3600, '61.2.0.1'), look(7200, '61.3.0.1')])
    const short = watchDelegation([look(0, '61.1.0.1', 300)])
    expect(opinionOn(sac025, inZone(once))).toMatchObject({ value: 0, flags: false })
    expect(opinionOn(sac025, inZone(twice))).toMatchObject({ value: 1, flags: true })
    expect(opinionOn(sac025, inZone(short))).toMatchObject({ value: 1, flags: true })
  })

  it('count new names that resolvers give, by the rounds in which they came', () => {
    const zone = (...sets: readonly (readonly string[])[]) =>
      watchZone(
        'example',
        sets.map((nameServers, index) => ({ at: index * 90_000, nameServers })),
      )
    expect(opinionOn(sac025, inZone(zone(['a.x'], ['b.x', 'c.x']))).value).toBe(0)
    expect(opinionOn(sac025, inZone(zone(['a.x'], ['b.x'], ['c.x']))).value).toBe(1)
  })

  it('are not defined before the zone was seen', () => {
    expect(opinionOn(sac025, hostAlone([{ at: 0, a: ['61.1.0.1'] }])).value).toBeNull()
  })
})
