import { expect, it } from 'vitest'
import { Authorities } from '../../../src/dns/direct/authorities.ts'
import { DEFAULT_DIRECT_LIMITS } from '../../../src/dns/direct/direct-limits.ts'
import { Look } from '../../../src/dns/direct/look.ts'
import { NameServerAddresses, type AskOne } from '../../../src/dns/direct/name-server-addresses.ts'

it('remembers no more addresses of a name server than are asked of a zone, the same ones each time', async () => {
  const limits = DEFAULT_DIRECT_LIMITS
  const authorities = new Authorities({
    openAuthority: () => expect.unreachable(),
    port: 53,
    qpsPerAuthority: 1,
    qpsPerName: 1,
    allowSpecialPurpose: false,
    mayAsk: () => true,
    now: () => 0,
    limits,
  })
  const found = async (order: (addresses: string[]) => string[]) => {
    const askOne: AskOne = ({ name, type }) => {
      const all = Array.from({ length: 200 }, (_, index) => `20.9.0.${index}`)
      const answer = order(all).map((data) => ({ name, type, ttlSeconds: 60, data }))
      const nothing = { rttMs: 1, attempts: 1, transport: 'udp', authority: [], additional: [] } as const
      return Promise.resolve({
        server: { name: 'ns.helper.net', address: '20.9.1.1' },
        zone: 'helper.net',
        reply: { ...nothing, outcome: 'answer', rcode: 'NOERROR', answer },
        reading: { kind: 'answer', deeperApex: null },
      })
    }
    const addresses = new NameServerAddresses(limits, () => 0)
    await Look.run(authorities, limits, undefined, (look) =>
      addresses.anyOf('ns.helper.net', 'site.com', look, askOne),
    )
    return addresses.remembered('ns.helper.net').map(({ address }) => address)
  }
  const remembered = await found((addresses) => addresses)
  expect(remembered).toHaveLength(limits.authoritiesPerZone)
  expect(await found((addresses) => addresses.toReversed())).toEqual(remembered)
  await authorities.close()
})
