// What of a reply is handed on, and what becomes of zones above that are of no use any more.
import { describe, expect, it } from 'vitest'
import { host, ns, type Script } from './scripted-internet.ts'
import { shownReplies } from './story.ts'
import { stage } from './stage.ts'

const GUEST: Script = {
  delegated: [
    {
      from: 'com',
      at: 'guest.com',
      ns: ns('guest.com', 172_800, 'ns.guest.com', 'ns.landlord.org'),
      glue: host('ns.guest.com', 172_800, '20.1.0.1'),
    },
    {
      from: 'org',
      at: 'landlord.org',
      ns: ns('landlord.org', 172_800, 'ns.landlord.org'),
      glue: host('ns.landlord.org', 172_800, '20.1.0.2'),
    },
  ],
  zones: [
    {
      apex: 'guest.com',
      at: ['20.1.0.1', '20.1.0.2'],
      lines: [
        ...ns('guest.com', 60, 'ns.guest.com', 'ns.landlord.org'),
        ...host('ns.guest.com', 60, '20.1.0.1'),
      ],
    },
    { apex: 'landlord.org', at: ['20.1.0.1', '20.1.0.2'], lines: host('ns.landlord.org', 60, '20.1.0.2') },
  ],
}

describe('what a reply hands on', () => {
  it("leaves out addresses that are not the zone's to give", async () => {
    const { source } = stage([GUEST])
    const replies = await source.look({ name: 'guest.com', type: 'NS' })
    const children = replies.filter(({ side }) => side === 'child')
    expect(children).toHaveLength(2)
    for (const { additional, authoritative } of children) {
      expect(additional).toEqual([{ name: 'ns.guest.com', ttlSeconds: 60, type: 'A', data: '20.1.0.1' }])
      expect(authoritative).toBe(true)
    }
    await source.close()
  })

  it('has no answer of a server that answers without authority', async () => {
    const { source } = stage([{ ...GUEST, quirks: { '20.1.0.1': 'not-authoritative' } }])
    const replies = await source.look({ name: 'guest.com', type: 'NS' })
    const lame = replies.filter(({ failure }) => failure === 'lame')
    expect(lame.map(({ server, rcode, answer }) => ({ server, rcode, answer }))).toEqual([
      { server: { name: 'ns.guest.com', address: '20.1.0.1' }, rcode: 'NOERROR', answer: [] },
    ])
    await source.close()
  })
})

describe('a zone above that has moved', () => {
  it('is looked for again when none of its remembered servers is of use', async () => {
    const { source, internet } = stage([GUEST])
    await source.look({ name: 'guest.com', type: 'NS' })
    const answer = internet.answer.bind(internet)
    internet.changeCut('', {
      at: 'com',
      ns: ns('com', 172_800, 'new.nic.com'),
      glue: host('new.nic.com', 172_800, '192.26.92.30'),
    })
    const gone = ['192.5.6.30', '192.33.14.30']
    internet.answer = (address, query) =>
      gone.includes(address) ? null : answer(address === '192.26.92.30' ? gone[0]! : address, query)
    expect(shownReplies(await source.look({ name: 'guest.com', type: 'NS' }))).toContain(
      'parent NS 172800 ns.guest.com',
    )
    await source.close()
  })
})
