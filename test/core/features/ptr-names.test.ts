import { describe, expect, test } from 'vitest'
import { Member, locate } from '../../../src/core/features/member.ts'
import {
  looksLikeConsumerLine,
  measureConsumerShare,
  measurePtrDomains,
} from '../../../src/core/features/ptr-names.ts'

/** Members with these PTR names; undefined: not looked up. */
function members(...names: (string | null | undefined)[]): Member[] {
  return names.map((ptr, index) => {
    const facts = { asn: null, organisation: null, country: null, ...(ptr !== undefined && { ptr }) }
    return new Member(locate(`93.31.7.${index + 1}`)!, facts, {
      vantages: ['v'],
      first: 0,
      last: 0,
      count: 1,
    })
  })
}

describe('a PTR name', () => {
  test.each([
    ['adsl-93-31-7-7.isp.example', true],
    ['7.7.31.93.dynamic.isp.example', true],
    ['p5b0a1234.dip0.t-ipconnect.de', false],
    ['pool-93-31-7-7.nycmny.fios.verizon.net', true],
    ['cpe-93-31-7-7.socal.res.rr.com', true],
    ['dyn93.isp.example', true],
    ['ec2-93-31-7-7.eu-west-1.compute.amazonaws.com', false],
    ['static.7.7.31.93.clients.your-server.de', false],
    ['mail.dynamics.example', false],
    ['dynamo.example', false],
    ['static-dsl-7.isp.example', false],
    ['', false],
  ])('%s looks like a consumer line: %s', (name, looks) => {
    expect(looksLikeConsumerLine(name)).toBe(looks)
  })
})

describe('the share of consumer lines', () => {
  test('is over the addresses with a name', () => {
    const list = members(
      'dsl1.a.example',
      'dsl2.a.example',
      'dsl3.b.example',
      'www.c.example',
      'x.d.example',
      null,
    )
    expect(measureConsumerShare(list)).toEqual({ value: 0.6, support: 5 })
  })

  test('is undefined under five names, and when nothing was looked up', () => {
    expect(measureConsumerShare(members('dsl1.a.example', null, null, null, undefined))).toEqual({
      value: null,
      support: 1,
    })
    expect(measureConsumerShare(members(undefined, undefined))).toEqual({ value: null, support: 0 })
  })
})

describe('the domains of the names', () => {
  test('are counted once each', () => {
    const list = members(
      'dsl1.a.example',
      'dsl2.a.example',
      'x.b.co.uk',
      'y.b.co.uk',
      'localhost',
      null,
      undefined,
    )
    expect(measurePtrDomains(list)).toEqual({ value: 3, support: 5 })
  })

  test('are undefined without a name', () => {
    expect(measurePtrDomains(members(null, undefined))).toEqual({ value: null, support: 0 })
  })
})
