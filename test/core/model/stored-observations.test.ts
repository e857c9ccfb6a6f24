import { describe, expect, it } from 'vitest'
import { storedObservations } from '../../../src/core/model/observation.ts'
import type { Observation } from '../../../src/core/model/observation.ts'
import { authorityAnswer, hostRoundOf } from '../series/scripted-authorities.ts'
import { observe } from '../series/scripted-rounds.ts'

const NAME = 'www.evil.example'
const idsOf = (...observations: Observation[]) =>
  storedObservations({ ...hostRoundOf(NAME, 3, 0, observations), startedAt: 35 }).map(({ id }) => id)

describe('the id of a stored observation', () => {
  it('is made of target, round, vantage and question for a resolver', () => {
    expect(idsOf(observe(NAME, { at: 0, a: ['61.1.1.1'] }))).toEqual([`host:${NAME}/3@z/v1/${NAME}/A`])
  })

  it('names side and server of an authority, so that each of them has a row', () => {
    const answer = (server: string, address: string): Observation => ({
      ...authorityAnswer(NAME, { at: 0, a: ['61.1.1.1'] }, server),
      server: { name: server, address },
    })
    const first = answer('ns1.evil.example', '198.51.100.1')
    expect(idsOf(first, { ...first, side: 'parent' }, answer('ns2.evil.example', '198.51.100.1'))).toEqual([
      `host:${NAME}/3@z/direct/${NAME}/A/child/ns1.evil.example@198.51.100.1`,
      `host:${NAME}/3@z/direct/${NAME}/A/parent/ns1.evil.example@198.51.100.1`,
      `host:${NAME}/3@z/direct/${NAME}/A/child/ns2.evil.example@198.51.100.1`,
    ])
  })

  it('stays unique when one authority is heard twice in a round', () => {
    const twice = authorityAnswer(NAME, { at: 0, a: ['61.1.1.1'] }, 'ns1')
    const ids = idsOf(twice, twice, twice)
    expect(new Set(ids).size).toBe(3)
    expect(ids[0]).toBe(idsOf(twice)[0])
  })
})
