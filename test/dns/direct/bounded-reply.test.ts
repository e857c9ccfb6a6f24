import { describe, expect, it } from 'vitest'
import type { ResourceRecord } from '../../../src/core/dns/record.ts'
import type { Reply } from '../../../src/core/dns/reply.ts'
import { boundedReply } from '../../../src/dns/direct/bounded-reply.ts'
import { stage } from './stage.ts'

const records = (count: number, data: (index: number) => string): ResourceRecord[] =>
  Array.from({ length: count }, (_, index) => ({
    name: 'site.com',
    type: 'NS',
    ttlSeconds: 60,
    data: data(index),
  }))

function reply(answer: readonly ResourceRecord[], additional: readonly ResourceRecord[] = []): Reply {
  return {
    outcome: 'answer',
    rcode: 'NOERROR',
    rttMs: 1,
    transport: 'tcp',
    attempts: 1,
    answer,
    authority: [],
    additional,
  }
}

describe('how much of a reply is taken in', () => {
  it('is all of the largest honest one: as many addresses as a series holds', () => {
    const whole = reply(records(512, (index) => `2001:db8:1234:5678:9abc:def0:1234:${index.toString(16)}`))
    expect(boundedReply(whole)).toBe(whole)
  })

  it('is the first of many long records, and nothing of what comes after them', () => {
    const long = records(4000, (index) => `${index}.${'\\007'.repeat(240)}`)
    const bounded = boundedReply(
      reply(
        long,
        records(1, () => 'glue'),
      ),
    )
    expect(bounded.answer).toEqual(long.slice(0, bounded.answer.length))
    expect(bounded.answer.length).toBeGreaterThan(13)
    expect(JSON.stringify(bounded).length).toBeLessThan(100_000)
    expect(bounded.additional).toEqual([])
  })

  it('is bounded for every authority of a look', async () => {
    const lines = Array.from({ length: 3000 }, (_, index) => `ns${index}.${'x'.repeat(60)}.site.com`)
    const { source } = stage([
      {
        delegated: [
          {
            from: 'com',
            at: 'site.com',
            ns: ['site.com 60 NS ns1.site.com'],
            glue: ['ns1.site.com 60 A 20.1.0.1'],
          },
        ],
        zones: [{ apex: 'site.com', at: ['20.1.0.1'], lines: lines.map((name) => `site.com 60 NS ${name}`) }],
      },
    ])
    const replies = await source.look({ name: 'site.com', type: 'NS' })
    expect(replies.filter(({ side }) => side === 'child')).toHaveLength(1)
    expect(JSON.stringify(replies).length).toBeLessThan(100_000)
    await source.close()
  })
})
