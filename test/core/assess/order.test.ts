// What must not matter: in which order things were written down, what the vantages are called, what arrives twice.
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Assessment } from '../../../src/core/model/assessment.ts'
import type { ProbeRound } from '../../../src/core/model/observation.ts'
import { decodeSeries, encodeSeries } from '../../../src/core/series/codec.ts'
import { foldHostRound, newHostSeries } from '../../../src/core/series/host-series.ts'
import type { HostSeries } from '../../../src/core/series/host-series.ts'
import { hostRound } from '../series/scripted-rounds.ts'
import type { Look } from '../series/scripted-rounds.ts'
import { anyScript, judgeAtTheEnd, NAME, nameOfServer, watchScript } from './any-rounds.ts'
import type { Script, Watched } from './any-rounds.ts'

type Fold = (name: string, rounds: readonly ProbeRound[]) => HostSeries

/** The script, folded in another way; a round starts when it did, however its looks are turned. */
function watchAs(script: Script, fold: Fold, turn: (looks: readonly Look[]) => readonly Look[]): Watched {
  const watch = (name: string, rounds: Script['host']) =>
    fold(
      name,
      rounds.map((looks, index) => ({
        ...hostRound(name, index + 1, turn(looks)),
        startedAt: hostRound(name, index + 1, looks).startedAt,
      })),
    )
  return {
    host: watch(NAME, script.host),
    servers: script.servers.map((rounds, index) => watch(nameOfServer(index), rounds)),
  }
}
const straight: Fold = (name, rounds) => rounds.reduce(foldHostRound, newHostSeries(name))
const asTheyAre = (looks: readonly Look[]) => looks

/**
 * Without what goes by the names of the vantages on purpose: who is asked when, so that no two are in lock-step; and, among the looks
 * of one round, which of them came after the one with the latest new address.
 */
function withoutTies(assessment: Assessment): object {
  const features = assessment.features.filter(({ id }) => !COUNTED_FROM_A_LOOK.includes(id))
  return { ...assessment, features, nextProbeAt: null }
}
const COUNTED_FROM_A_LOOK = [
  'a_quiet',
  'a_quiet_answers',
  'ns_quiet',
  'ns_quiet_answers',
  'a_diurnal_coherence',
]

describe('an assessment does not change with', () => {
  it('the order of observations, records and vantages within a round', () => {
    fc.assert(
      fc.property(anyScript, fc.infiniteStream(fc.nat()), (script, dice) => {
        const shuffled = <Item>(items: readonly Item[]): Item[] =>
          items
            .map((item) => ({ item, rank: dice.next().value }))
            .toSorted((a, b) => a.rank - b.rank)
            .map(({ item }) => item)
        const turned = watchAs(script, straight, (looks) =>
          shuffled(looks).map((look) => ({ ...look, a: shuffled(look.a ?? []) })),
        )
        expect(judgeAtTheEnd(turned)).toEqual(judgeAtTheEnd(watchScript(script)))
      }),
    )
  })

  it('a round that is delivered again, at once or after all others', () => {
    const again: Fold = (name, rounds) => {
      const twice = rounds.reduce(
        (series, round) => foldHostRound(foldHostRound(series, round), round),
        newHostSeries(name),
      )
      return rounds.reduce(foldHostRound, twice)
    }
    fc.assert(
      fc.property(anyScript, (script) => {
        const redelivered = judgeAtTheEnd(watchAs(script, again, asTheyAre))
        expect(redelivered).toEqual(judgeAtTheEnd(watchScript(script)))
      }),
    )
  })

  it('storage between the rounds', () => {
    const stored: Fold = (name, rounds) =>
      rounds.reduce(
        (series, round) =>
          decodeSeries(encodeSeries(foldHostRound(series, round)), series.name) as HostSeries,
        newHostSeries(name),
      )
    fc.assert(
      fc.property(anyScript, (script) => {
        expect(judgeAtTheEnd(watchAs(script, stored, asTheyAre))).toEqual(judgeAtTheEnd(watchScript(script)))
      }),
    )
  })

  it('the names of the vantages', () => {
    const other: Readonly<Record<string, string>> = { v1: 'zürich', v2: 'a', v3: 'middle-of-nowhere' }
    fc.assert(
      fc.property(anyScript, (script) => {
        const renamed = watchAs(script, straight, (looks) =>
          looks.map((look) => ({ ...look, vantage: other[look.vantage!]! })),
        )
        expect(withoutTies(judgeAtTheEnd(renamed))).toEqual(withoutTies(judgeAtTheEnd(watchScript(script))))
      }),
    )
  })

  it('the order of the name servers', () => {
    fc.assert(
      fc.property(anyScript, (script) => {
        const { host, servers } = watchScript(script)
        expect(judgeAtTheEnd({ host, servers: servers.toReversed() })).toEqual(
          judgeAtTheEnd({ host, servers }),
        )
      }),
    )
  })
})
