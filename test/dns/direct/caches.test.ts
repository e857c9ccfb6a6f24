import { describe, expect, it } from 'vitest'
import type { Delegation } from '../../../src/core/dns/delegation.ts'
import { DelegationCache } from '../../../src/dns/direct/delegation-cache.ts'
import { SilentServers } from '../../../src/dns/direct/silent-servers.ts'
import { TtlCache } from '../../../src/dns/direct/ttl-cache.ts'

describe('a cache by TTL', () => {
  it('gives an entry until its time, not at it', () => {
    const cache = new TtlCache<string>(2)
    cache.set('a', 'value', 100, 0)
    expect(cache.get('a', 99)).toBe('value')
    expect(cache.get('a', 100)).toBeUndefined()
    expect(cache.size).toBe(0)
  })

  it('forgets what was used longest ago when it is full', () => {
    const cache = new TtlCache<string>(2)
    cache.set('a', 'a', 100, 0)
    cache.set('b', 'b', 100, 0)
    cache.get('a', 1)
    cache.set('c', 'c', 100, 2)
    expect(['a', 'b', 'c'].map((key) => cache.get(key, 3))).toEqual(['a', undefined, 'c'])
  })

  it('removes an entry that is set with a time that is over', () => {
    const cache = new TtlCache<string>(2)
    cache.set('a', 'old', 100, 0)
    cache.set('a', 'new', 5, 5)
    expect(cache.get('a', 5)).toBeUndefined()
  })
})

function delegation(zone: string, nsTtl: number, glueTtl = nsTtl): Delegation {
  const name = `ns.${zone}`
  return {
    zone,
    nameServers: [{ name, ttlSeconds: nsTtl, glue: [{ address: '192.0.2.1', ttlSeconds: glueTtl }] }],
  }
}

describe('the cache of delegations', () => {
  it('knows the deepest zone that holds a name', () => {
    const cache = new DelegationCache({ cacheEntries: 10, maxTtlSeconds: 3600 })
    for (const zone of ['', 'com', 'site.com']) cache.keep(delegation(zone, 600), 0)
    expect(cache.closest('a.b.site.com', 1)?.zone).toBe('site.com')
    expect(cache.closest('site.com', 1)?.zone).toBe('site.com')
    expect(cache.closest('other.com', 1)?.zone).toBe('com')
    expect(cache.closest('site.org', 1)?.zone).toBe('')
    cache.forget('site.com')
    expect(cache.closest('a.b.site.com', 1)?.zone).toBe('com')
  })

  it.each([
    ['its name servers', delegation('com', 60, 600), 60],
    ['its glue', delegation('com', 600, 60), 60],
    ['the limit', delegation('com', 172_800), 3600],
  ])('keeps a delegation as long as %s', (_what, one, seconds) => {
    const cache = new DelegationCache({ cacheEntries: 10, maxTtlSeconds: 3600 })
    cache.keep(one, 0)
    expect(cache.closest('com', seconds * 1000 - 1)).toBe(one)
    expect(cache.closest('com', seconds * 1000)).toBeNull()
  })

  it('keeps the largest delegation that anybody uses, and none that is made to fill the memory', () => {
    const cache = new DelegationCache({ cacheEntries: 10, maxTtlSeconds: 3600 })
    const glue = ['192.0.2.1', '2001:db8:1234:5678:9abc:def0:1234:5678'].map((address) => ({
      address,
      ttlSeconds: 60,
    }))
    const crowd = (zone: string, length: number): Delegation => ({
      zone,
      nameServers: Array.from({ length: 40 }, (_, index) => ({
        name: `ns${index}.`.padEnd(length, 'x'),
        ttlSeconds: 60,
        glue,
      })),
    })
    cache.keep(crowd('site.com', 60), 0)
    expect(cache.closest('site.com', 1)?.nameServers).toHaveLength(40)
    cache.keep(crowd('site.com', 1000), 0)
    expect(cache.closest('site.com', 1)).toBeNull()
  })

  it('holds no more than it may', () => {
    const cache = new DelegationCache({ cacheEntries: 100, maxTtlSeconds: 3600 })
    for (let index = 0; index < 1000; index++) cache.keep(delegation(`zone${index}.com`, 60), 0)
    expect(cache.size).toBe(100)
  })
})

describe('the memory of silent servers', () => {
  const limits = { cacheEntries: 10, silenceMs: 1000 }
  const a = { name: 'a.com', type: 'A' } as const
  const b = { name: 'b.com', type: 'A' } as const

  it('holds silence to one name against that name and type only', () => {
    const silent = new SilentServers(limits)
    silent.ended('192.0.2.1', a, 'timeout', 0)
    expect(silent.failureOf('192.0.2.1', a, 999)).toBe('timeout')
    expect(silent.failureOf('192.0.2.1', b, 999)).toBeNull()
    expect(silent.failureOf('192.0.2.1', { ...a, type: 'NS' }, 999)).toBeNull()
    expect(silent.failureOf('192.0.2.2', a, 999)).toBeNull()
    expect(silent.failureOf('192.0.2.1', a, 1000)).toBeNull()
  })

  it('holds silence to two names against every name, until the server speaks', () => {
    const silent = new SilentServers(limits)
    silent.ended('192.0.2.1', a, 'timeout', 0)
    silent.ended('192.0.2.1', b, 'network', 0)
    expect(silent.failureOf('192.0.2.1', { name: 'c.com', type: 'A' }, 1)).toBe('network')
    silent.ended('192.0.2.1', a, 'refused', 2)
    expect(silent.failureOf('192.0.2.1', a, 3)).toBeNull()
  })
})
