import { describe, expect, test } from 'vitest'
import { GatheredSightings } from '../../../src/core/import/sightings.ts'
import type { StoredObservation } from '../../../src/core/model/observation.ts'

type Seen = Pick<StoredObservation, 'qname' | 'at' | 'told' | 'answer'>

function seen(at: number, addresses: readonly string[], told?: StoredObservation['told']): Seen {
  const answer = addresses.map((data) => ({
    name: 'edge.cdn.example',
    type: data.includes(':') ? 'AAAA' : 'A',
    ttlSeconds: 0,
    data,
  }))
  return { qname: 'www.shop.example', at, answer, ...(told && { told }) }
}

function gathered(observations: readonly Seen[], since = 0) {
  const gathering = new GatheredSightings()
  for (const one of observations) gathering.add(one, since)
  return Object.fromEntries(gathering.take().get('www.shop.example') ?? [])
}

describe('Sightings of a name', () => {
  test('are the addresses of its answers, with the first and the last time, in any order and twice', () => {
    const observations = [
      seen(5000, ['20.0.0.1', '2606:4700::1']),
      seen(2000, ['20.0.0.1']),
      seen(9000, ['20.0.0.1', '20.0.0.2'], { firstSeen: 1000, count: 4 }),
    ]
    const expected = {
      '20.0.0.1': { first: 1000, last: 9000 },
      '20.0.0.2': { first: 1000, last: 9000 },
      '2606:4700::1': { first: 5000, last: 5000 },
    }
    expect(gathered(observations)).toEqual(expected)
    expect(gathered([...observations, ...observations].toReversed())).toEqual(expected)
  })

  test('have no special-purpose addresses: what a resolver says of its own house, or of a blocked name', () => {
    expect(gathered([seen(1, ['10.0.0.1', '0.0.0.0', '127.0.0.1', 'fd00::1', '20.0.0.1'])])).toEqual({
      '20.0.0.1': { first: 1, last: 1 },
    })
  })

  test('leave out what was last seen too long ago', () => {
    expect(gathered([seen(10, ['20.0.0.1']), seen(11, ['20.0.0.2'])], 11)).toEqual({
      '20.0.0.2': { first: 11, last: 11 },
    })
  })

  test('are counted by name and address, and gone when they are taken', () => {
    const gathering = new GatheredSightings()
    gathering.add(seen(1, ['20.0.0.1', '20.0.0.2']), 0)
    gathering.add({ ...seen(1, ['20.0.0.1']), qname: 'shop.example' }, 0)
    gathering.add(seen(2, ['20.0.0.1']), 0)
    expect(gathering.size).toBe(3)
    gathering.take()
    expect([gathering.size, gathering.take().size]).toEqual([0, 0])
  })
})
