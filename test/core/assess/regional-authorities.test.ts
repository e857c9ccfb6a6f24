// Zones whose authorities each have answers of their own (anycast, by region): harmless, whoever of them is silent at times.
import { describe, expect, it } from 'vitest'
import { assess } from '../../../src/core/assess.ts'
import type { Assessment } from '../../../src/core/model/assessment.ts'
import { DEFAULT_POLICY } from '../../../src/core/policy.ts'
import { foldHostRound, newHostSeries } from '../../../src/core/series/host-series.ts'
import type { HostSeries } from '../../../src/core/series/host-series.ts'
import {
  authorityAnswer,
  hostRoundOf,
  ownAnswer,
  watchDelegation,
  ZONE,
} from '../series/scripted-authorities.ts'
import { observe, START } from '../series/scripted-rounds.ts'
import { hosted, NETWORKS } from './networks.ts'

const EVERY = 600
const ROUNDS = 30
/** The servers' addresses go by the length of their names. */
const AUTHORITIES = Array.from({ length: 8 }, (_, index) => 's'.repeat(index + 1))
const SEATS = [1, 2, 3, 4]
const each = Array.from({ length: ROUNDS }, (_, round) => round)

type IsSilent = (round: number, authority: number) => boolean

/** Three resolvers, each near another authority, and the direct vantage that asks all. */
function watchRegional(name: string, block: number, isSilent: IsSilent): HostSeries {
  return each.reduce<HostSeries>((series, round) => {
    const at = round * EVERY
    const resolvers = ['v1', 'v2', 'v3'].map((vantage, region) =>
      observe(name, { at, vantage, ttl: 60, a: [hosted(block + region)] }),
    )
    const authorities = AUTHORITIES.map((server, region) =>
      authorityAnswer(
        name,
        isSilent(round, region)
          ? { at, outcome: 'failed', failure: 'timeout' }
          : { at, ttl: 60, a: [hosted(block + region)] },
        server,
      ),
    )
    return foldHostRound(series, hostRoundOf(name, round + 1, at, [...resolvers, ...authorities]))
  }, newHostSeries(name))
}

function watch(isSilent: IsSilent): Assessment {
  const names = SEATS.map((seat) => `ns${seat}.${ZONE}`)
  const side = { names: Object.fromEntries(names.map((name) => [name, []])) }
  return assess(
    {
      domain: `www.${ZONE}`,
      host: watchRegional(`www.${ZONE}`, 0, isSilent),
      zone: watchDelegation(each.map((round) => [ownAnswer(round * EVERY, side)])),
      nameServers: names.map((name, index) => watchRegional(name, 100 * (index + 1), isSilent)),
    },
    NETWORKS,
    DEFAULT_POLICY,
    START + (ROUNDS - 1) * EVERY * 1000,
  )
}

describe('authorities that each give their region its own addresses', () => {
  it.each<[string, IsSilent]>([
    ['all answer', () => false],
    ['half of them are silent at first', (round, authority) => round === 0 && authority % 2 === 1],
    ['each is silent now and then', (round, authority) => (round + authority) % 4 === 0],
    ['they come one after the other', (round, authority) => authority > round],
  ])('are no sign of flux where %s', (_when, isSilent) => {
    const { verdict, features } = watch(isSilent)
    expect(['pending', 'no_flux_seen']).toContain(verdict)
    for (const id of ['a_new_addresses', 'ns_new_addresses']) {
      expect(features.find((feature) => feature.id === id)!.value).toBe(0)
    }
  })
})
