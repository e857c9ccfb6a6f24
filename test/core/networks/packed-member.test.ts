import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  networkOfPacked,
  packMember,
  packNews,
  unpackMember,
  unpackNews,
} from '../../../src/core/networks/packed-member.ts'
import { formatIpv4 } from '../../../src/core/net/address-text.ts'

const time = fc.integer({ min: 1_600_000_000_000, max: 2_000_000_000_000 })
const second = time.map((ms) => ms - (ms % 1000))
const address = fc.oneof(
  fc.integer({ min: 0, max: 2 ** 32 - 1 }).map(formatIpv4),
  fc.constantFrom('2001:db8::1', '2001:db8:0:1::', '::1', 'fe80::1%eth0'),
)
const name = fc.record({
  domain: fc.constantFrom('bad.example', 'xn--bcher-kva.example', '_dmarc.bad.example'),
  standsAlone: fc.boolean(),
  at: time,
  agents: fc.array(
    fc.record({ address, last: second, strangers: fc.oneof(fc.constant(0), fc.nat(100_000)) }),
    {
      maxLength: 70,
    },
  ),
})
const place = fc.oneof(
  fc.record({ network: fc.constant(null), joinedAt: fc.constant(null) }),
  fc.record({ network: fc.stringMatching(/^net_[0-9a-f]{16}$/), joinedAt: time }),
)

test('A member comes back from its bytes as it was, and its network without the rest', () => {
  fc.assert(
    fc.property(name, place, (given, { network, joinedAt }) => {
      const member = { name: given, network, joinedAt }
      const bytes = packMember(member)
      expect(unpackMember(given.domain, bytes)).toEqual(member)
      expect(networkOfPacked(bytes)).toBe(network)
    }),
    { numRuns: 60 },
  )
})

test('What a round tells comes back from its bytes as it was', () => {
  fc.assert(
    fc.property(name, time, (given, at) => {
      for (const news of [
        { kind: 'flagged', name: given } as const,
        { kind: 'cleared', domain: given.domain, at } as const,
      ])
        expect(unpackNews(packNews(news))).toEqual(news)
    }),
    { numRuns: 60 },
  )
})

test('A name with 64 IPv4 agents of the last day takes about 540 bytes', () => {
  const agents = Array.from({ length: 64 }, (_, index) => ({
    address: `20.${index}.3.4`,
    last: 1_770_000_000_000 - index * 1_000_000,
    strangers: 0,
  }))
  const member = {
    name: { domain: 'bad.example', agents, standsAlone: true, at: 1_770_000_000_000 },
    network: 'net_0123456789abcdef',
    joinedAt: 1_770_000_000_000,
  }
  expect(packMember(member).length).toBeLessThan(560)
})

test('Bytes of another form are refused', () => {
  expect(() => unpackNews(Buffer.from('nonsense'))).toThrow('Expected a flagged name of form 3')
  expect(() => unpackMember('bad.example', Buffer.from([9]))).toThrow('got 9')
})
