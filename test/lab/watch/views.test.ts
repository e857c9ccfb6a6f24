// What the vantages of a watch in virtual time show: caches that count down, and authorities that have nothing to hide.
import { describe, expect, it } from 'vitest'
import type { Question } from '../../../src/core/dns/record.ts'
import type { Observation } from '../../../src/core/model/observation.ts'
import { openViews } from '../../../src/lab/watch/open-views.ts'
import { nameSpaceOf } from '../../../src/lab/watch/watch-member.ts'
import { DIRECT_VANTAGE, THREE_RESOLVERS } from '../../../src/lab/watch/watch-vantage.ts'
import type { VantageView, WatchVantage } from '../../../src/lab/watch/watch-vantage.ts'
import { addressAt, APEX, HOST, movingNameServer, sampleMember, START } from './sample-member.ts'

const A: Question = { name: HOST, type: 'A' }
const dataOf = (seen: readonly Observation[]) => seen.map(({ answer }) => answer.map(({ data }) => data))

function open(vantage: WatchVantage, member = sampleMember()): VantageView {
  return openViews({ space: nameSpaceOf(member), vantages: [vantage] })[0]!
}

describe('a resolver', () => {
  it('repeats an answer with a falling TTL until it is over, and asks anew then', () => {
    const view = open(THREE_RESOLVERS[0]!)
    const look = (second: number) => view.look(A, START + second * 1000)[0]!.answer[0]!
    expect(look(0)).toMatchObject({ ttlSeconds: 60, data: addressAt(START) })
    expect(look(45)).toMatchObject({ ttlSeconds: 15, data: addressAt(START) })
    expect(look(60)).toMatchObject({ ttlSeconds: 60, data: addressAt(START + 60_000) })
  })

  it('keeps nothing of TTL 0', () => {
    const view = open(THREE_RESOLVERS[0]!, sampleMember({ ttlSeconds: 0 }))
    const seen = [0, 1, 2].flatMap((second) => dataOf(view.look(A, START + second * 1000)))
    expect(seen).toEqual([0, 1, 2].map((second) => [addressAt(START + second * 1000)]))
  })

  it('shares no cache with another', () => {
    const views = openViews({ space: nameSpaceOf(sampleMember()), vantages: THREE_RESOLVERS })
    views[0]!.look(A, START)
    expect(dataOf(views[1]!.look(A, START + 30_000))).toEqual([[addressAt(START + 30_000)]])
  })

  it('shows two copies of different age when it is a farm of caches', () => {
    const view = open({ id: 'farm', kind: 'resolver', region: 'eu', missRatio: 0.5 })
    const seen = Array.from({ length: 30 }, (_, second) => dataOf(view.look(A, START + second * 1000))[0]![0])
    expect(new Set(seen).size).toBe(2)
  })

  it('fails as often as the mishap says, but never for a copy that it holds', () => {
    const [view] = openViews({
      space: nameSpaceOf(sampleMember()),
      vantages: [THREE_RESOLVERS[0]!],
      mishap: (_vantage, _question, at) => (at < START + 1000 || at > START + 30_000 ? 'servfail' : null),
    })
    const outcomes = [0, 2, 50, 70].map((second) => view!.look(A, START + second * 1000)[0]!.outcome)
    expect(outcomes).toEqual(['failed', 'answer', 'answer', 'failed'])
  })
})

describe('the direct vantage', () => {
  it('asks each authority of the zone for an address, at slightly different times, and believes itself', () => {
    const seen = open(DIRECT_VANTAGE).look(A, START + 5000)
    expect(seen.map(({ server, side, authoritative }) => [server?.name, side, authoritative])).toEqual([
      [`ns1.${APEX}`, 'child', true],
      [`ns2.${APEX}`, 'child', true],
    ])
    expect(seen[1]!.at).toBeGreaterThan(seen[0]!.at)
    expect(seen.every(({ outcome }) => outcome === 'answer')).toBe(true)
  })

  it('sees at once what a resolver sees after the TTL', () => {
    const [direct, resolver] = openViews({
      space: nameSpaceOf(sampleMember()),
      vantages: [DIRECT_VANTAGE, THREE_RESOLVERS[0]!],
    })
    const looks = [0, 30, 61].map((second) => START + second * 1000)
    expect(looks.map((at) => dataOf(direct!.look(A, at))[0])).toEqual(looks.map((at) => [addressAt(at)]))
    expect(looks.map((at) => dataOf(resolver!.look(A, at))[0])).toEqual(
      [looks[0]!, looks[0]!, looks[2]!].map((at) => [addressAt(at)]),
    )
  })

  it('hears the referral of two of the parent’s servers first, with glue that is new beneath its TTL of two days', () => {
    const member = sampleMember({ nameServers: [movingNameServer(`ns1.${APEX}`, 100)] })
    const view = open(DIRECT_VANTAGE, member)
    const glue = [0, 101].map((second) => view.look({ name: APEX, type: 'NS' }, START + second * 1000))
    expect(glue[0]!.map(({ side, outcome }) => [side, outcome])).toEqual([
      ['parent', 'answer'],
      ['parent', 'answer'],
      ['child', 'answer'],
    ])
    expect(glue.map((seen) => seen[0]!.additional)).toEqual(
      ['130.7.64.1', '95.4.0.1'].map((data) => [
        { name: `ns1.${APEX}`, type: 'A', ttlSeconds: 172_800, data },
      ]),
    )
  })

  it('has only the parent’s word for a name that is no zone', () => {
    const seen = open(DIRECT_VANTAGE).look({ name: HOST, type: 'NS' }, START)
    expect(seen.map(({ side, outcome }) => [side, outcome])).toEqual([
      ['parent', 'nodata'],
      ['parent', 'nodata'],
    ])
  })

  it('calls a server lame that fails, and silent one that says nothing', () => {
    const [view] = openViews({
      space: nameSpaceOf(sampleMember()),
      vantages: [DIRECT_VANTAGE],
      mishap: (_vantage, _question, _at, server) => (server === '130.7.64.1' ? 'servfail' : 'timeout'),
    })
    const seen = view!.look(A, START).map(({ failure, rcode, answer }) => [failure, rcode, answer])
    expect(seen).toEqual([
      ['lame', 'SERVFAIL', []],
      ['timeout', 'TIMEOUT', []],
    ])
  })
})
