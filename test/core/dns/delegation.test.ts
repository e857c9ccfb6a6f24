import { describe, expect, it } from 'vitest'
import { delegationOf, mergedDelegation } from '../../../src/core/dns/delegation.ts'
import { host, ns, recordOf } from '../../dns/direct/scripted-internet.ts'

function read(zone: string, above: string, nsLines: readonly string[], additional: readonly string[] = []) {
  return delegationOf(zone, above, nsLines.map(recordOf), additional.map(recordOf))
}

describe('the delegation in a packet', () => {
  it('has each name server once with the TTL of its first record, and its glue', () => {
    expect(
      read(
        'site.com',
        'com',
        [...ns('site.com', 172_800, 'ns1.site.com', 'ns2.site.com'), ...ns('site.com', 60, 'ns1.site.com')],
        [
          ...host('ns1.site.com', 300, '192.0.2.1', '192.0.2.1', '2001:DB8::1'),
          ...host('ns2.site.com', 200, '192.0.2.2'),
        ],
      ),
    ).toEqual({
      zone: 'site.com',
      nameServers: [
        {
          name: 'ns1.site.com',
          ttlSeconds: 172_800,
          glue: [
            { address: '192.0.2.1', ttlSeconds: 300 },
            { address: '2001:db8::1', ttlSeconds: 300 },
          ],
        },
        { name: 'ns2.site.com', ttlSeconds: 172_800, glue: [{ address: '192.0.2.2', ttlSeconds: 200 }] },
      ],
    })
  })

  it.each([
    ['the zone itself', 'ns1.site.com', 1],
    ['a sibling below the delegating zone', 'ns1.elder.com', 1],
    ['another branch of the tree', 'ns1.site.org', 0],
    ['a name that only ends in the same letters', 'ns1.notcom', 0],
  ])('believes glue in %s as the bailiwick rule says', (_where, name, count) => {
    const delegation = read('site.com', 'com', ns('site.com', 60, name), host(name, 60, '192.0.2.1'))
    expect(delegation?.nameServers[0]?.glue).toHaveLength(count)
  })

  it('passes over other owners, other types, and addresses that are none', () => {
    expect(
      read(
        'site.com',
        'com',
        [...ns('site.com', 60, 'ns1.site.com'), ...ns('other.com', 60, 'ns9.other.com'), 'site.com 60 DS 1'],
        ['ns1.site.com 60 CNAME x.com', 'ns1.site.com 60 A 999.1.1.1', 'ns9.other.com 60 A 192.0.2.9'],
      ),
    ).toEqual({ zone: 'site.com', nameServers: [{ name: 'ns1.site.com', ttlSeconds: 60, glue: [] }] })
  })

  it('is none without an NS record of the zone', () => {
    expect(read('site.com', 'com', ns('com', 60, 'a.nic.com'))).toBeNull()
  })
})

describe('delegations by several servers', () => {
  it('are one with every name and every address', () => {
    const first = read('site.com', 'com', ns('site.com', 60, 'ns1.site.com'), ['ns1.site.com 60 A 192.0.2.1'])
    const second = read('site.com', 'com', ns('site.com', 50, 'ns1.site.com', 'ns2.site.com'), [
      'ns1.site.com 50 A 192.0.2.1',
      'ns1.site.com 50 A 192.0.2.7',
    ])
    expect(mergedDelegation(first!, second!)).toEqual({
      zone: 'site.com',
      nameServers: [
        {
          name: 'ns1.site.com',
          ttlSeconds: 60,
          glue: [
            { address: '192.0.2.1', ttlSeconds: 60 },
            { address: '192.0.2.7', ttlSeconds: 50 },
          ],
        },
        { name: 'ns2.site.com', ttlSeconds: 50, glue: [] },
      ],
    })
  })
})
