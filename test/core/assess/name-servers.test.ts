// What the detector says of the name servers of a name, in worlds that are written by hand.
import { describe, expect, it } from 'vitest'
import { assess } from '../../../src/core/assess.ts'
import type { Assessment } from '../../../src/core/model/assessment.ts'
import { DEFAULT_POLICY } from '../../../src/core/policy.ts'
import type { HostSeries } from '../../../src/core/series/host-series.ts'
import { domainOf, watchHost } from '../series/scripted-rounds.ts'
import type { Look } from '../series/scripted-rounds.ts'
import { atOneCompany, home, hosted, NETWORKS } from './networks.ts'

const judge = (host: HostSeries, nameServers: readonly HostSeries[]): Assessment =>
  assess(domainOf(host, nameServers), NETWORKS, DEFAULT_POLICY, host.lastAt!)

const site = watchHost(
  'shop.example',
  Array.from({ length: 12 }, (_, round) =>
    ['v0', 'v1'].map((vantage): Look => ({ at: round * 600, vantage, ttl: 300, a: [hosted(7)] })),
  ),
)

/** So many name servers, each with the address that it has at a look; looked at every 15 minutes. */
function servers(count: number, looks: number, addressOf: (look: number, server: number) => string) {
  return Array.from({ length: count }, (_, server) =>
    watchHost(
      `ns${server}.shop.example`,
      Array.from({ length: looks }, (__, look) => [
        { at: look * 900, ttl: 600, a: [addressOf(look, server)] },
      ]),
    ),
  )
}

describe('name servers', () => {
  it('whose addresses rotate over home lines while the site stands still are NS flux', () => {
    const result = judge(
      site,
      servers(4, 8, (look, server) => home(1000 + server * 20 + look)),
    )
    expect([result.verdict, result.fluxType]).toEqual(['flux', 'ns'])
  })

  it('whose addresses rotate over the machines of a moving site are double flux', () => {
    const moving = watchHost(
      'shop.example',
      Array.from({ length: 10 }, (_, round) =>
        ['v0', 'v1'].map((vantage): Look => ({
          at: round * 200,
          vantage,
          ttl: 180,
          a: Array.from({ length: 8 }, (__, seat) => home(round * 2 + seat)),
        })),
      ),
    )
    const result = judge(
      moving,
      servers(3, 3, (look, server) => home(server * 5 + look)),
    )
    expect([result.verdict, result.fluxType]).toEqual(['flux', 'double'])
    expect(result.evidence.map((piece) => piece.id)).toContain('ns-serves-site')
  })

  it('at five hosting companies, of which one is renumbered, do not make a site suspicious', () => {
    for (const looks of [2, 4, 8]) {
      const careful = servers(5, looks, (look, server) => hosted(server === 2 && look > 0 ? 20 : server))
      expect(['pending', 'no_flux_seen'], `${looks} looks`).toContain(judge(site, careful).verdict)
    }
  })

  it('that move once, all together, within one operator change nothing', () => {
    const moved = servers(2, 2, (look, server) => atOneCompany(server, look > 0))
    expect(judge(site, moved).verdict).toBe('no_flux_seen')
  })

  it('that stand still do not stand in the way of the verdict for the site', () => {
    for (const place of [hosted, atOneCompany]) {
      expect(
        judge(
          site,
          servers(4, 8, (_look, server) => place(server)),
        ).verdict,
      ).toBe('no_flux_seen')
    }
  })
})
