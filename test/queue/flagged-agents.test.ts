import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { boundsFor } from '../../src/core/detect/bounds.ts'
import { viewDomain } from '../../src/core/features/domain-view.ts'
import { flaggedNeighbours } from '../../src/core/features/flagged-neighbours.ts'
import type { Assessment } from '../../src/core/model/assessment.ts'
import type { VerdictBefore } from '../../src/core/detect/verdict-change.ts'
import type { DomainSeries } from '../../src/core/series/domain-series.ts'
import { DEFAULT_POLICY } from '../../src/core/policy.ts'
import { foldHostRound, newHostSeries, type HostSeries } from '../../src/core/series/host-series.ts'
import { agentNews, forgetCleared, noteFlagged, withNeighbours } from '../../src/queue/flagged-agents.ts'
import { probeRound } from '../../src/queue/probe-round.ts'
import type { RoundParts } from '../../src/queue/round-ports.ts'
import { unpackNews } from '../../src/core/networks/packed-member.ts'
import { FlaggedNames } from '../../src/store/flagged-names.ts'
import { keys, partitionOf } from '../../src/store/keys.ts'
import { LiveAgents } from '../../src/store/live-agents.ts'
import { assessmentOf, LiveHouse } from '../store/live-house.ts'
import { HOST, host, NAME, RoundStand, T } from './round-stand.ts'

const BOTS = ['20.1.0.1', '20.2.0.1', '20.3.0.1', '20.4.0.1']
const DAY_MS = 24 * 3_600_000

let house: LiveHouse
let stand: RoundStand
let parts: RoundParts
beforeAll(async () => {
  house = await LiveHouse.open()
})
afterAll(() => house?.close())
beforeEach(async () => {
  await house.reset()
  stand = new RoundStand()
  parts = {
    ...stand.parts,
    agents: new LiveAgents(house.redis),
    flaggedNames: new FlaggedNames(house.redis),
  }
})

/** A host that gave all these addresses at once. */
function hostAt(name: string, addresses: readonly string[], at = T): HostSeries {
  return foldHostRound(newHostSeries(name), {
    target: { kind: 'host', name },
    number: 1,
    startedAt: at,
    observations: [
      {
        at,
        vantage: 'v',
        qname: name,
        qtype: 'A',
        outcome: 'answer',
        rcode: 'NOERROR',
        rttMs: 1,
        answer: addresses.map((data) => ({ name, type: 'A' as const, ttlSeconds: 60, data })),
        authority: [],
        additional: [],
      },
    ],
  })
}

function seriesOf(domain: string, addresses: readonly string[], nameServerAddresses: readonly string[] = []) {
  return {
    domain,
    host: hostAt(domain, addresses),
    zone: null,
    nameServers: [hostAt(`ns1.${domain}`, nameServerAddresses)],
  }
}

const FLUX = { verdict: 'flux', fluxType: 'single', score: 0.9999 } as const
const UNFLAGGED: VerdictBefore = { verdict: 'pending', fluxType: null, firstFlaggedAt: null }
const FLAGGED: VerdictBefore = { verdict: 'flux', fluxType: 'single', firstFlaggedAt: T }

/** As a round does it around its commit. */
async function conclude(
  series: DomainSeries,
  verdict: Partial<Assessment>,
  before: VerdictBefore = UNFLAGGED,
  now = T,
): Promise<void> {
  const known = { ...parts, enrichment: await withNeighbours(series, parts, now) }
  const news = agentNews(series, assessmentOf(series.domain, verdict), before, known, now)
  await forgetCleared(news, parts, now)
  await noteFlagged(news, parts, now)
}

/** The features that another process measures for the domain. */
async function neighboursOf(series: DomainSeries, now = T): Promise<Record<string, number | null>> {
  const elsewhere = { ...parts, agents: new LiveAgents(house.redis) }
  const view = viewDomain(series, await withNeighbours(series, elsewhere, now), now)
  return Object.fromEntries(flaggedNeighbours.map(({ id, measure }) => [id, measure(view).value]))
}

describe('Two domains that share agents', () => {
  const other = seriesOf('new.example', [...BOTS.slice(0, 2), '20.9.0.1'])

  test('are neighbours once one of them is flagged', async () => {
    expect(await neighboursOf(other)).toMatchObject({ a_flagged_neighbours: 0, a_flagged_addresses: 0 })
    await conclude(seriesOf('www.bad.example', BOTS), FLUX)
    expect(await neighboursOf(other)).toMatchObject({ a_flagged_neighbours: 1, a_flagged_addresses: 2 })
  })

  test('are none when they are of one registrable domain', async () => {
    await conclude(seriesOf('www.bad.example', BOTS), FLUX)
    const sibling = seriesOf('mail.bad.example', BOTS)
    expect(await neighboursOf(sibling)).toMatchObject({ a_flagged_neighbours: 0, a_flagged_addresses: 0 })
  })

  test('share only what was seen in the last day', async () => {
    await conclude(seriesOf('www.bad.example', BOTS), FLUX, UNFLAGGED, T + DAY_MS + 1)
    expect(await neighboursOf(other)).toMatchObject({ a_flagged_neighbours: 0 })
    await conclude(seriesOf('www.bad.example', BOTS), FLUX)
    expect(await neighboursOf(other, T + DAY_MS)).toMatchObject({ a_flagged_neighbours: 1 })
    expect(await neighboursOf(other, T + DAY_MS + 1)).toMatchObject({ a_flagged_neighbours: null })
  })

  test('share them role by role: an agent among the name servers is not one of the site', async () => {
    await conclude(seriesOf('bad.example', ['20.8.0.1'], BOTS), { ...FLUX, fluxType: 'ns' })
    expect(await neighboursOf(other)).toMatchObject({ a_flagged_neighbours: 0, ns_flagged_neighbours: null })
    expect(await neighboursOf(seriesOf('new.example', ['20.9.0.1'], BOTS))).toMatchObject({
      a_flagged_neighbours: 0,
      ns_flagged_neighbours: 1,
      ns_flagged_addresses: 4,
    })
  })

  test('do not pass on what was only inherited', async () => {
    // One nat over the bound, of which 1.5 came from the neighbours.
    const { flux } = boundsFor(1 - DEFAULT_POLICY.priors.none, DEFAULT_POLICY.errorRates)
    const odds = (flux / (1 - flux)) * Math.E
    await conclude(seriesOf('www.bad.example', BOTS), {
      ...FLUX,
      score: odds / (1 + odds),
      evidence: [
        {
          id: 'a-flagged-neighbours',
          pointsTo: 'flux',
          about: 'addresses',
          weight: 1.5,
          value: 3,
          unit: 'domains',
          text: 'Shares addresses with 3 flagged domains.',
          source: 'test',
        },
      ],
    })
    expect(await neighboursOf(other)).toMatchObject({ a_flagged_neighbours: 0 })
  })

  test('stay neighbours when the flagged one is taken down, and are none any more when it is cleared', async () => {
    const bad = seriesOf('www.bad.example', BOTS)
    await conclude(bad, FLUX)
    await conclude(bad, { verdict: 'unresolvable' }, FLAGGED)
    expect(await neighboursOf(other)).toMatchObject({ a_flagged_neighbours: 1 })
    await conclude(bad, { verdict: 'no_flux_seen' }, FLAGGED)
    expect(await neighboursOf(other)).toMatchObject({ a_flagged_neighbours: 0 })
  })

  test('are strangers to a process that remembers nothing', async () => {
    expect(await withNeighbours(other, stand.parts, T)).toBe(stand.parts.enrichment)
  })
})

describe('The keeper of the networks is told', () => {
  const NAME_OF_BOTS = 'www.bad.example'

  async function told() {
    const stream = keys.flagged(partitionOf(NAME_OF_BOTS))
    const entries = await house.redis.xrangeBuffer(stream, '-', '+')
    return entries.map(([, fields]) => unpackNews(fields[1]!))
  }

  test('of a flagged name with its agents, each once, and that it stands alone', async () => {
    await conclude(seriesOf(NAME_OF_BOTS, BOTS, BOTS.slice(0, 3)), { ...FLUX, fluxType: 'double' })
    expect(await told()).toMatchObject([
      { kind: 'flagged', name: { domain: NAME_OF_BOTS, standsAlone: true, at: T } },
    ])
    const [news] = await told()
    const addresses = news!.kind === 'flagged' ? news!.name.agents.map(({ address }) => address) : []
    expect(addresses.toSorted()).toEqual(BOTS)
  })

  test('of one that does not stand alone too, which is noted nowhere else', async () => {
    await conclude(seriesOf(NAME_OF_BOTS, BOTS), { ...FLUX, score: 0.5 })
    expect(await told()).toMatchObject([{ kind: 'flagged', name: { standsAlone: false } }])
    expect(await neighboursOf(seriesOf('new.example', BOTS))).toMatchObject({ a_flagged_neighbours: 0 })
  })

  test('of nothing when a name is not flagged, or its addresses are no pool', async () => {
    await conclude(seriesOf(NAME_OF_BOTS, BOTS), { verdict: 'suspicious' })
    await conclude(seriesOf(NAME_OF_BOTS, BOTS.slice(0, 2)), FLUX)
    await conclude(seriesOf(NAME_OF_BOTS, BOTS), { verdict: 'no_flux_seen' })
    expect(await told()).toEqual([])
  })

  describe('of a name that is nearly flux', () => {
    const NEARLY = { verdict: 'pending', score: 0.9999 } as const
    /** Of a botnet's name that was flagged. */
    const flagOne = (addresses = BOTS): Promise<void> => conclude(seriesOf('www.evil.test', addresses), FLUX)

    test('as one that does not stand alone, once it shares two addresses with flagged ones', async () => {
      const nearly = seriesOf(NAME_OF_BOTS, BOTS)
      await conclude(nearly, NEARLY)
      expect(await told()).toEqual([])
      await flagOne()
      parts = { ...parts, agents: new LiveAgents(house.redis) }
      await conclude(nearly, { ...NEARLY, score: 0.5 })
      expect(await told()).toEqual([])
      await conclude(nearly, NEARLY)
      const [news] = await told()
      expect(news).toMatchObject({ kind: 'flagged', name: { domain: NAME_OF_BOTS, standsAlone: false } })
      expect(news!.kind === 'flagged' && news!.name.agents).toHaveLength(BOTS.length)
      // It speaks against nobody.
      expect(await neighboursOf(seriesOf('new.example', BOTS))).toMatchObject({ a_flagged_neighbours: 1 })
    })

    test('not through one address', async () => {
      await flagOne([BOTS[0]!, '20.8.0.1', '20.8.0.2'])
      await conclude(seriesOf(NAME_OF_BOTS, BOTS), NEARLY)
      expect(await told()).toEqual([])
    })

    test('that it was cleared, when it is found to be none after all; never of a name that shares nothing', async () => {
      await conclude(seriesOf(NAME_OF_BOTS, BOTS), { verdict: 'no_flux_seen' })
      expect(await told()).toEqual([])
      await flagOne()
      parts = { ...parts, agents: new LiveAgents(house.redis) }
      await conclude(seriesOf(NAME_OF_BOTS, BOTS), { verdict: 'no_flux_seen' })
      expect(await told()).toEqual([{ kind: 'cleared', domain: NAME_OF_BOTS, at: T }])
      // It stands, and is not told again.
      const stands: VerdictBefore = { ...UNFLAGGED, verdict: 'no_flux_seen' }
      await conclude(seriesOf(NAME_OF_BOTS, BOTS), { verdict: 'no_flux_seen' }, stands)
      expect(await told()).toHaveLength(1)
    })
  })

  test('that a name was cleared, and not that it was taken down', async () => {
    const bad = seriesOf(NAME_OF_BOTS, BOTS)
    await conclude(bad, { verdict: 'unresolvable' }, FLAGGED)
    expect(await told()).toEqual([])
    await conclude(bad, { verdict: 'no_flux_seen' }, FLAGGED)
    expect(await told()).toEqual([{ kind: 'cleared', domain: NAME_OF_BOTS, at: T }])
  })
})

describe('A round', () => {
  const flagged = BOTS.map((address) => ({ role: 'address' as const, address, last: T }))

  function featureOf(name: string, id: string): number | null | undefined {
    return stand.store.get(name)?.assessment?.features.find((feature) => feature.id === id)?.value
  }

  test('shows in the verdict how many flagged names share the addresses', async () => {
    await new LiveAgents(house.redis).note('evil.example', flagged, T)
    stand.prober.answer(`${NAME} A`, BOTS.slice(1))
    stand.watch()
    expect(await probeRound(HOST, parts)).toBe('committed')
    expect(featureOf(NAME, 'a_flagged_neighbours')).toBe(1)
    expect(featureOf(NAME, 'a_flagged_addresses')).toBe(3)
    expect(featureOf(NAME, 'ns_flagged_neighbours')).toBeNull()
  })

  test('never makes a name that stands still flux, however many flagged names share its addresses', async () => {
    const book = new LiveAgents(house.redis)
    for (let index = 0; index < 30; index += 1) await book.note(`evil${index}.example`, flagged, T)
    stand.prober.answer(`${NAME} A`, BOTS)
    stand.watch()
    for (let round = 0; round < 30; round += 1) {
      await probeRound(HOST, parts)
      stand.clock.advance(60_000)
    }
    expect(featureOf(NAME, 'a_flagged_neighbours')).toBe(16)
    expect(stand.store.get(NAME)?.verdict).not.toBe('flux')
  })

  describe('that finds flux', () => {
    /** Each in a network and with a provider of its own. */
    function homeLine(index: number): string {
      return `${20 + (index % 40)}.${index}.0.1`
    }

    /** Rounds of a name that shows five home lines, two of them new each minute, until it is flagged. */
    async function untilFlagged(): Promise<void> {
      stand.watch()
      for (let round = 1; stand.store.get(NAME)?.verdict !== 'flux'; round += 1) {
        expect(round).toBeLessThan(60)
        stand.prober.answer(
          `${NAME} A`,
          [0, 1, 2, 3, 4].map((place) => homeLine(round * 2 + place)),
        )
        await probeRound(HOST, fluxing)
        stand.clock.advance(61_000)
      }
    }

    /** Every name at every address. Without the crowds, which Redis rewrites when it counts them. */
    async function notes(): Promise<Record<string, string>> {
      const everything = Object.entries(await house.everything())
      return Object.fromEntries(everything.filter(([key]) => key.includes('flagged-at')))
    }

    let fluxing: RoundParts
    beforeEach(() => {
      fluxing = {
        ...parts,
        // Whatever moves is flux: what the model makes of this story is not asked here.
        policy: {
          ...DEFAULT_POLICY,
          priors: { none: 0.02, single: 0.96, ns: 0.01, double: 0.01 },
          errorRates: { falseAlarm: 0.99, miss: 0.99 },
        },
        enrichment: {
          hasAsn: true,
          hasCountry: true,
          factsOf: (address) => ({
            asn: Number(address.split('.')[1]),
            organisation: `Provider ${address.split('.')[1]} Broadband`,
            country: ['UA', 'RU', 'BR', 'MX', 'BG', 'EG', 'KR'][Number(address.split('.')[1]) % 7]!,
          }),
        },
      }
    })

    test('notes the agents, and the next name at one of them has a neighbour', async () => {
      await untilFlagged()
      stand.prober.answer('new.example A', [homeLine(2), homeLine(5)])
      stand.store.watch('new.example', stand.clock.now(), {
        watchUntil: T + DAY_MS,
        intervalSeconds: null,
      })
      await probeRound(host('new.example'), { ...fluxing, agents: new LiveAgents(house.redis) })
      expect(featureOf('new.example', 'a_flagged_neighbours')).toBe(1)
      expect(featureOf('new.example', 'a_flagged_addresses')).toBe(2)
      expect(featureOf(NAME, 'a_flagged_neighbours')).toBe(0)
    })

    test('and is delivered again changes nothing', async () => {
      await untilFlagged()
      const before = await notes()
      const commit = stand.store.commit.bind(stand.store)
      stand.store.commit = async (round) => commit({ ...round, expectedRound: round.expectedRound - 1 })
      stand.prober.answer(`${NAME} A`, [homeLine(240), homeLine(241), homeLine(242)])
      const again = { ...fluxing, agents: new LiveAgents(house.redis) }
      expect(await probeRound(HOST, again)).toBe('stale')
      expect(await notes()).toEqual(before)
    })

    test('notes again what was lost', async () => {
      await untilFlagged()
      const noted = Object.keys(await notes())
      expect(noted.length).toBeGreaterThan(4)
      await house.redis.flushall()
      await probeRound(HOST, { ...fluxing, agents: new LiveAgents(house.redis) })
      expect(Object.keys(await notes())).toEqual(expect.arrayContaining(noted))
    })
  })
})
