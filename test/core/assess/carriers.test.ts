// The look-alike that is hardest on home-line evidence: caches of a CDN inside of access networks.
import { describe, expect, it } from 'vitest'
import { assess } from '../../../src/core/assess.ts'
import type { VerdictName } from '../../../src/core/model/assessment.ts'
import { DEFAULT_POLICY } from '../../../src/core/policy.ts'
import { stableHash } from '../../../src/core/series/stable-hash.ts'
import { foldHostRound, newHostSeries } from '../../../src/core/series/host-series.ts'
import { domainOf, enrichmentBySlash16, hostRound } from '../series/scripted-rounds.ts'
import type { Look } from '../series/scripted-rounds.ts'

const NAME = 'shop.example'

/** What a CDN's region shows at a look: `width` servers of its own pool, as `pick` says. */
type Pick = (round: number, seat: number) => number

/** Three regions of a CDN in eight access networks each, looked at 60 times; every verdict on the way, without repeats. */
function verdictsOnCarriers(pool: number, width: number, pick: Pick): readonly string[] {
  const named = enrichmentBySlash16((asn) => `Carrier Telecom ${asn % 8}`)
  const path: VerdictName[] = []
  let host = newHostSeries(NAME)
  for (let round = 0; round < 60; round += 1) {
    const servers = [...new Set(Array.from({ length: width }, (_, seat) => pick(round, seat) % pool))]
    const looks = [60, 70, 80].map((region, index): Look => ({
      at: round * 61,
      vantage: `v${index}`,
      ttl: 60,
      a: servers.map((server) => `${region}.${server % 8}.${server}.7`),
    }))
    host = foldHostRound(host, hostRound(NAME, round + 1, looks))
    const { verdict } = assess(domainOf(host), named, DEFAULT_POLICY, host.lastAt!, path.at(-1) ?? null)
    if (path.at(-1) !== verdict) path.push(verdict)
  }
  return path
}

describe('a CDN in the access networks of eight carriers', () => {
  it.each([
    [16, 2],
    [16, 8],
    [40, 2],
    [40, 4],
  ])('with %i servers a region, %i of them drawn for an answer, is flux at no moment', (pool, width) => {
    const path = verdictsOnCarriers(pool, width, (round, seat) => stableHash(`${pool} ${round} ${seat}`))
    expect(path).not.toContain('flux')
  })

  it('that slides through its servers one by one is not flux any more when they have come round again', () => {
    const path = verdictsOnCarriers(40, 4, (round, seat) => round + seat)
    expect(['pending', 'no_flux_seen']).toContain(path.at(-1))
  })
})
