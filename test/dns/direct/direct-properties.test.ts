// Whatever the zones say and however the servers behave: a look ends with replies, within its packets.
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Question } from '../../../src/core/dns/record.ts'
import { host, ns, type Quirk, type Script, type ScriptedZone } from './scripted-internet.ts'
import { stage } from './stage.ts'

const ZONES = ['a.com', 'b.com', 'c.net', 'd.org', 'x.a.com', 'y.x.a.com', 'e.six'] as const
const ADDRESSES = ['20.99.0.1', '20.99.0.2', '20.99.0.3', '10.0.0.1', '2a0e:b107::99'] as const
const QUIRKS: readonly Quirk[] = [
  'refuses',
  'servfails',
  'silent',
  'silent-to-ns',
  'refers-to-root',
  'refers-to-itself',
  'not-authoritative',
  'nxdomain-for-empty-names',
  'aa-in-referrals',
]

const address = fc.constantFrom(...ADDRESSES)
const hostName = fc
  .tuple(fc.constantFrom('ns1', 'ns2', 'www'), fc.constantFrom(...ZONES))
  .map((parts) => parts.join('.'))
const ttlSeconds = fc.constantFrom(0, 60, 172_800)

const cut = fc.record({
  names: fc.uniqueArray(hostName, { minLength: 1, maxLength: 6 }),
  glue: fc.dictionary(hostName, address, { maxKeys: 4 }),
  ttlSeconds,
})

const script: fc.Arbitrary<Script> = fc
  .record({
    cuts: fc.array(cut, { minLength: ZONES.length, maxLength: ZONES.length }),
    at: fc.array(fc.uniqueArray(address, { maxLength: 3 }), {
      minLength: ZONES.length,
      maxLength: ZONES.length,
    }),
    hosts: fc.dictionary(hostName, address, { maxKeys: 8 }),
    aliases: fc.dictionary(hostName, hostName, { maxKeys: 2 }),
    quirks: fc.dictionary(address, fc.constantFrom(...QUIRKS), { maxKeys: 2 }),
  })
  .map(({ cuts, at, hosts, aliases, quirks }) => {
    const said = ZONES.map((zone, index) => {
      const { names, glue, ttlSeconds: ttl } = cuts[index]!
      return {
        from: zone.slice(zone.indexOf('.') + 1),
        at: zone,
        ns: ns(zone, ttl, ...names),
        glue: Object.entries(glue).flatMap(([name, one]) => host(name, ttl, one)),
      }
    })
    const zones: ScriptedZone[] = ZONES.map((apex, index) => ({
      apex,
      at: at[index]!,
      cuts: said.filter(({ from }) => from === apex),
      lines: [
        ...ns(apex, 60, ...cuts[index]!.names),
        ...Object.entries(hosts).flatMap(([name, one]) => (name.endsWith(apex) ? host(name, 60, one) : [])),
        ...Object.entries(aliases).flatMap(([name, to]) =>
          name.endsWith(apex) ? [`${name} 60 CNAME ${to}`] : [],
        ),
      ],
    }))
    return { zones, delegated: said, quirks }
  })

const question: fc.Arbitrary<Question> = fc.record({
  name: fc.oneof(fc.constantFrom<string>('', 'com', ...ZONES), hostName),
  type: fc.constantFrom('A', 'AAAA', 'NS', 'SOA'),
})

describe('any Internet', () => {
  it('ends every look with replies of the closed vocabulary, within its packets, and asks no special address', async () => {
    await fc.assert(
      fc.asyncProperty(script, fc.array(question, { minLength: 1, maxLength: 4 }), async (one, questions) => {
        const { source, internet, askedOf } = stage([one])
        for (const next of questions) {
          const before = internet.asked.length
          const replies = await source.look(next)
          expect(replies.length).toBeGreaterThan(0)
          expect(internet.asked.length - before).toBeLessThanOrEqual(100)
          for (const reply of replies) {
            expect(reply.failure !== undefined).toBe(reply.outcome === 'failed')
            expect(reply.side === undefined).toBe(reply.server === undefined)
          }
        }
        expect(askedOf('10.0.0.1')).toEqual([])
        expect(source.inFlight).toBe(0)
        await source.close()
      }),
      { numRuns: 200 },
    )
  })

  it('gives the same replies to looks that start together as to one alone', async () => {
    await fc.assert(
      fc.asyncProperty(script, question, async (one, asked) => {
        const alone = stage([one])
        const crowd = stage([one])
        const expected = await alone.source.look(asked)
        const together = await Promise.all([1, 2, 3].map(() => crowd.source.look(asked)))
        for (const replies of together) expect(replies).toEqual(expected)
        expect(crowd.internet.asked.length).toBeLessThanOrEqual(3 * alone.internet.asked.length)
        await Promise.all([alone.source.close(), crowd.source.close()])
      }),
      { numRuns: 200 },
    )
  })
})
