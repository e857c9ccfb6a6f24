import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { ResourceRecord } from '../../src/core/dns/record.ts'
import { answerChain } from '../../src/dns/answer-chain.ts'

function record(name: string, type: string, data: string): ResourceRecord {
  return { name, type, ttlSeconds: 60, data }
}

describe('the chain from the question', () => {
  test('a question for CNAME is answered by the CNAME itself, which is not followed', () => {
    const section = [record('a', 'CNAME', 'b'), record('b', 'CNAME', 'c')]
    expect(answerChain('a', 'CNAME', section)).toEqual({ records: [section[0]], complete: true })
  })

  test('a chain whose end lacks the type is incomplete and kept', () => {
    const section = [record('a', 'CNAME', 'b'), record('b', 'AAAA', '::1')]
    expect(answerChain('a', 'A', section)).toEqual({ records: section, complete: false })
  })

  test('a loop of CNAMEs ends', () => {
    const section = [record('a', 'CNAME', 'b'), record('b', 'CNAME', 'a')]
    expect(answerChain('a', 'A', section)).toEqual({ records: section, complete: false })
    expect(answerChain('a', 'A', [record('a', 'CNAME', 'a')])).toMatchObject({ complete: false })
  })

  test('of two CNAMEs of one owner only the first leads on', () => {
    const section = [
      record('a', 'CNAME', 'b'),
      record('a', 'CNAME', 'c'),
      record('b', 'A', '192.0.2.1'),
      record('c', 'A', '203.0.113.66'),
    ]
    expect(answerChain('a', 'A', section)).toEqual({ records: section.slice(0, 3), complete: true })
  })

  test('signatures and other types of an owner on the chain stay', () => {
    const section = [record('a', 'A', '192.0.2.1'), record('a', 'TYPE46', '\\# 0')]
    expect(answerChain('a', 'A', section).records).toEqual(section)
  })

  test('whatever the section, every record kept has an owner that the kept CNAMEs reach, and order does not matter', () => {
    const owner = fc.constantFrom('a', 'b', 'c', 'd', 'e')
    // One CNAME an owner at most, as with several the packet's order decides.
    const cnames = fc
      .uniqueArray(fc.tuple(owner, owner), { selector: ([name]) => name })
      .map((all) => all.map(([name, data]) => record(name, 'CNAME', data)))
    const addresses = fc.array(owner).map((all) => all.map((name) => record(name, 'A', '192.0.2.1')))
    fc.assert(
      fc.property(cnames, addresses, (links, ends) => {
        const section = [...links, ...ends]
        const { records, complete } = answerChain('a', 'A', section)
        const owners = new Set(['a', ...records.filter((one) => one.type === 'CNAME').map((one) => one.data)])
        expect(records.every((one) => owners.has(one.name))).toBe(true)
        expect(complete).toBe(records.some((one) => one.type === 'A'))
        const reversed = answerChain('a', 'A', section.toReversed())
        expect(reversed).toEqual({ records: records.toReversed(), complete })
      }),
    )
  })
})
