import { expect, it } from 'vitest'
import { ownerShares } from '../../../../src/core/detect/context/owner-shares.ts'
import { viewDomain } from '../../../../src/core/features/domain-view.ts'
import type { Enrichment } from '../../../../src/core/model/address-facts.ts'
import { domainOf, START, watchHost } from '../../series/scripted-rounds.ts'

const OWNERS: Readonly<Record<string, string>> = {
  '61.1.0.1': 'One',
  '61.2.0.1': 'One',
  '61.3.0.1': 'Two',
  '2a00:1:1::1': 'One',
}
const ENRICHMENT: Enrichment = {
  hasAsn: true,
  hasCountry: false,
  factsOf: (address) => ({ asn: null, organisation: OWNERS[address] ?? null, country: null }),
}

it('are shares of all addresses of both families, those of unknown owner counted in the whole', () => {
  const host = watchHost('shop.example', [
    [
      { at: 0, a: ['61.1.0.1', '61.2.0.1', '61.3.0.1', '61.4.0.1'] },
      { at: 0, aaaa: ['2a00:1:1::1'] },
    ],
  ])
  const shares = ownerShares(viewDomain(domainOf(host, []), ENRICHMENT, START))
  expect(shares.toSorted((a, b) => b.share - a.share)).toEqual([
    { organisation: 'One', share: 0.6 },
    { organisation: 'Two', share: 0.2 },
  ])
})

it('are none without addresses', () => {
  expect(ownerShares(viewDomain(domainOf(watchHost('shop.example', []), []), ENRICHMENT, START))).toEqual([])
})
