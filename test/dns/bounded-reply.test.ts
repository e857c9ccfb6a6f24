import { describe, expect, it } from 'vitest'
import type { ResourceRecord } from '../../src/core/dns/record.ts'
import type { Reply } from '../../src/core/dns/reply.ts'
import { boundedReply } from '../../src/dns/bounded-reply.ts'
import { Vantage } from '../../src/dns/vantage.ts'
import { ScriptedSource } from './scripted-source.ts'

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

  it('is bounded for every authority that a vantage hears of', async () => {
    const huge = reply(records(3000, (index) => `ns${index}.${'x'.repeat(60)}.site.com`))
    const vantage = new Vantage(new ScriptedSource(() => [huge, huge]), {
      id: 'v',
      protocol: 'direct',
      server: 'root hints 192.0.2.1',
      qps: 1000,
    })
    const replies = await vantage.ask({ name: 'site.com', type: 'NS' })
    expect(replies).toEqual([boundedReply(huge), boundedReply(huge)])
    expect(JSON.stringify(replies).length).toBeLessThan(300_000)
  })
})
