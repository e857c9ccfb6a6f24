import { describe, expect, it } from 'vitest'
import { edgednsRule } from '../../../src/core/panel/edgedns-rule.ts'
import type { Enrichment } from '../../../src/core/model/address-facts.ts'
import { enrichmentOf, hostAlone, opinionOn } from './panel-of.ts'

const rotation = (ttl: number) =>
  hostAlone([
    { at: 0, a: ['61.1.0.1', '61.2.0.1'], ttl },
    { at: 400, a: ['61.3.0.1', '61.4.0.1'], ttl },
  ])

/** The first octets after the 61 that belong to Cloudflare. */
const cdn = (...octets: readonly number[]): Enrichment => ({
  ...enrichmentOf(),
  factsOf: (address) => {
    const second = Number(address.split('.')[1])
    return { asn: octets.includes(second) ? 13_335 : 64_500 + second, organisation: null, country: null }
  },
})

describe('the rule of EdgeDNS', () => {
  it('flags a short TTL with rotation outside of CDNs', () => {
    expect(opinionOn(edgednsRule, rotation(299))).toMatchObject({
      detector: 'edgedns',
      value: 3,
      threshold: 2,
      flags: true,
    })
  })

  it('does not flag at a TTL of 300 s', () => {
    expect(opinionOn(edgednsRule, rotation(300))).toMatchObject({ value: 2, flags: false })
  })

  it('does not flag a set that stands still', () => {
    const still = hostAlone([0, 100].map((at) => ({ at, a: ['61.1.0.1'], ttl: 60 })))
    expect(opinionOn(edgednsRule, still)).toMatchObject({ value: 2, flags: false })
  })

  it('does not flag where more than half of the addresses are a CDN’s, and does at half', () => {
    expect(opinionOn(edgednsRule, rotation(60), cdn(1, 2, 3))).toMatchObject({ value: 2, flags: false })
    expect(opinionOn(edgednsRule, rotation(60), cdn(1, 2))).toMatchObject({ value: 3, flags: true })
  })

  it('has no opinion before a second look', () => {
    expect(opinionOn(edgednsRule, hostAlone([{ at: 0, a: ['61.1.0.1'], ttl: 60 }])).value).toBeNull()
  })
})
