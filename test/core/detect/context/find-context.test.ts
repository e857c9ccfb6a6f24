import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { NAME_LISTS, OWNER_LIST } from '../../../../src/core/detect/context/catalogue.ts'
import { findContext } from '../../../../src/core/detect/context/find-context.ts'
import type { ContextInput } from '../../../../src/core/detect/context/find-context.ts'
import { BENIGN_ADDRESS_CLASSES } from '../../../../src/core/detect/model/classes.ts'
import { registrableDomain } from '../../../../src/core/names/registrable-domain.ts'

const find = (input: Partial<ContextInput>) =>
  findContext({ names: ['shop.example'], nameServers: [], owners: [], ...input })
const entriesOf = (input: Partial<ContextInput>) => find(input).map(({ list, entry }) => [list, entry])

describe('a listed name', () => {
  it('matches itself and what is under it, whole labels only', () => {
    expect(find({ names: ['2.debian.pool.ntp.org'] })).toEqual([
      {
        list: 'volunteer-pools',
        entry: 'pool.ntp.org',
        matched: 'name',
        explains: 'volunteer-pool',
        nats: 4,
      },
    ])
    expect(entriesOf({ names: ['pool.ntp.org'] })).toHaveLength(1)
    expect(
      find({ names: ['evilpool.ntp.org', 'notakamai.net', 'akamai.net.evil.example', 'ntp.org'] }),
    ).toEqual([])
  })

  it('is told apart from a listed CNAME target', () => {
    expect(find({ names: ['shop.example', 'e7.g.akamai.net'] })).toEqual([
      { list: 'cdn-names', entry: 'akamai.net', matched: 'cname', explains: 'cdn', nats: 2 },
    ])
  })

  it('is reported once a list, the strongest first, whatever the order of the aliases', () => {
    const aliases = ['e1.akamaiedge.net', 'a.b.akamai.net', 'seed.btc.petertodd.net', 'a.bodis.com']
    fc.assert(
      fc.property(fc.shuffledSubarray(aliases, { minLength: aliases.length }), (shuffled) => {
        expect(entriesOf({ names: ['shop.example', ...shuffled] })).toEqual([
          ['dns-seeds', 'seed.btc.petertodd.net'],
          ['cdn-names', 'akamaiedge.net'],
          ['parking', 'bodis.com'],
        ])
      }),
    )
  })

  it('gives no credit to a name that only says that it is a sinkhole', () => {
    expect(find({ names: ['sinkhole.evil.example'], nameServers: ['sinkhole.evil.example'] })).toEqual([])
    expect(find({ names: ['x.sinkhole.shadowserver.org'] })).toEqual([])
  })

  it('survives names of any shape', () => {
    fc.assert(
      fc.property(fc.array(fc.string()), (names) => Array.isArray(find({ names, nameServers: names }))),
    )
    expect(find({ names: ['', '.', '..', 'net', '.akamai.net'] })).toHaveLength(1)
  })
})

describe('listed name servers', () => {
  it('count when every one of the zone is in the same list', () => {
    expect(find({ nameServers: ['ns1.sedoparking.com', 'ns2.sedoparking.com'] })).toEqual([
      { list: 'parking', entry: 'sedoparking.com', matched: 'name_server', explains: 'parking', nats: 2 },
    ])
    expect(entriesOf({ nameServers: ['sc-a.sinkhole.shadowserver.org', 'ns1.csof.net'] })).toEqual([
      ['sinkholes', 'sinkhole.shadowserver.org'],
    ])
  })

  it('buy nothing beside one that is not', () => {
    expect(find({ nameServers: ['ns1.sedoparking.com', 'ns2.shop.example'] })).toEqual([])
    expect(find({ nameServers: ['ns2.shop.example', 'ns1.sedoparking.com'] })).toEqual([])
    expect(find({ nameServers: ['ns1.sedoparking.com', 'ns1.csof.net'] })).toEqual([])
  })

  it('of a CDN say nothing of the addresses', () => {
    expect(find({ nameServers: ['a1.akamai.net', 'a2.akamai.net'] })).toEqual([])
  })
})

describe('listed owners', () => {
  const owned = (...owners: [string, number][]) =>
    find({ owners: owners.map(([organisation, share]) => ({ organisation, share })) })

  it('count when they hold nearly all addresses', () => {
    expect(owned(['Akamai International B.V.', 0.8], ['Comcast Cable', 0.2])).toEqual([
      { list: 'cdn-owners', entry: 'akamai international', matched: 'owner', explains: 'cdn', nats: 2 },
    ])
    expect(owned(['AKAMAI-ASN1', 1])[0]).toMatchObject({ entry: 'akamai asn1', explains: 'cdn' })
  })

  it('buy nothing with some reputable addresses among many others', () => {
    expect(owned(['Cloudflare, Inc.', 0.79], ['Kyivstar', 0.21])).toEqual([])
    expect(owned(['Fastly, Inc.', 0.4])).toEqual([])
  })

  it('together explain a site that is spread over several of them', () => {
    expect(owned(['Fastly, Inc.', 0.5], ['Cloudflare, Inc.', 0.45])[0]).toMatchObject({
      entry: 'fastly',
      explains: 'multi-cdn',
    })
  })

  it('are not those who rent machines under a similar name', () => {
    for (const other of [
      'Akamai Connected Cloud',
      'AMAZON-02',
      'Fastlyhost Ltd',
      'The Cloudflare Fans',
      '',
    ]) {
      expect(owned([other, 1])).toEqual([])
    }
  })
})

describe('the lists', () => {
  const suffixes = NAME_LISTS.flatMap((list) => list.entries.map(({ entry }) => entry))

  it('hold each entry once, with a source, in lower case', () => {
    const owners = OWNER_LIST.entries.map(({ entry }) => entry)
    for (const entries of [suffixes, owners]) expect(new Set(entries).size).toBe(entries.length)
    for (const list of [...NAME_LISTS, OWNER_LIST]) {
      for (const { entry, source } of list.entries) {
        expect(entry).toBe(entry.toLowerCase())
        expect(source.length).toBeGreaterThan(10)
      }
    }
  })

  it('hold no public suffix: strangers would get the benefit', () => {
    expect(suffixes.filter((suffix) => registrableDomain(suffix) === null)).toEqual([])
  })

  it.each(['trafficmanager.net', 'akadns.net', 'compute.amazonaws.com', 'domaincontrol.com', 'debian.net'])(
    'leave out %s, under which customers choose the addresses',
    (suffix) => {
      const host = `evil.${suffix}`
      expect(find({ names: ['shop.example', host], nameServers: [host] })).toEqual([])
    },
  )

  it('explain a benign class each, by no more than 4 nats', () => {
    for (const { explains, nats } of [...NAME_LISTS, OWNER_LIST]) {
      expect(BENIGN_ADDRESS_CLASSES).toContain(explains)
      for (const weight of Object.values(nats)) {
        expect(weight).toBeGreaterThan(0)
        expect(weight).toBeLessThanOrEqual(4)
      }
    }
  })
})
