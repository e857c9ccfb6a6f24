import { describe, expect, test } from 'vitest'
import type { NetworkChange, NetworkSummary } from '../../../src/core/model/network.ts'
import type { KeptMember, NetworkNews } from '../../../src/core/networks/network-news.ts'
import { isEmptyPlan, isWorthLogging, NetworkRoll } from '../../../src/core/networks/network-plan.ts'

const NO_NEWS: NetworkNews = { changes: [], networks: [], members: [], gone: [] }

function memberOf(domain: string, network: string | null, joinedAt = 1, standsAlone = true): KeptMember {
  const name = { domain, agents: [], standsAlone, at: joinedAt }
  return { name, network, joinedAt: network === null ? null : joinedAt }
}

function planOf(roll: NetworkRoll, news: Partial<NetworkNews>) {
  return roll.plan({ ...NO_NEWS, ...news })
}

describe('A plan', () => {
  test('puts members into their networks, and counts the registrable domains that stand alone', () => {
    const plan = planOf(new NetworkRoll(), {
      members: [
        memberOf('a.bad.example', 'net_1'),
        memberOf('b.bad.example', 'net_1', 2),
        memberOf('evil.example', 'net_1', 3),
        memberOf('guest.example', 'net_1', 3, false),
        memberOf('lonely.example', null),
      ],
    })
    expect(plan.placed.map(({ domain, joinedAt }) => [domain, joinedAt])).toEqual([
      ['a.bad.example', 1],
      ['b.bad.example', 2],
      ['evil.example', 3],
      ['guest.example', 3],
    ])
    expect(plan.standing).toEqual([['net_1', 2]])
    expect(plan.zones).toEqual([
      ['bad.example', ['net_1']],
      ['evil.example', ['net_1']],
    ])
  })

  test('takes a member out of where it was, whether it was put there now or restored', () => {
    const roll = new NetworkRoll()
    roll.restore([memberOf('a.bad.example', 'net_1', 5), memberOf('evil.example', 'net_1', 6)])
    const moved = planOf(roll, { members: [memberOf('a.bad.example', 'net_2', 9)], gone: ['evil.example'] })
    expect(moved.left).toEqual([
      { network: 'net_1', domain: 'a.bad.example', joinedAt: 5 },
      { network: 'net_1', domain: 'evil.example', joinedAt: 6 },
    ])
    expect(moved.placed).toEqual([{ network: 'net_2', domain: 'a.bad.example', joinedAt: 9 }])
    expect(new Map(moved.standing)).toEqual(
      new Map([
        ['net_1', 0],
        ['net_2', 1],
      ]),
    )
    expect(new Map(moved.zones)).toEqual(
      new Map([
        ['bad.example', ['net_2']],
        ['evil.example', []],
      ]),
    )
  })

  test('counts a registrable domain until the last of its names that stands alone has left', () => {
    const roll = new NetworkRoll()
    roll.restore([memberOf('a.bad.example', 'net_1'), memberOf('b.bad.example', 'net_1')])
    expect(planOf(roll, { gone: ['a.bad.example'] }).standing).toEqual([['net_1', 1]])
    const last = planOf(roll, { members: [memberOf('b.bad.example', 'net_1', 1, false)] })
    expect(last.standing).toEqual([['net_1', 0]])
    expect(last.placed).toEqual([])
    expect(last.left).toEqual([])
  })

  test('tells each change with the network as it is after it', () => {
    const change = { network: 'net_1', change: 'left', version: 4 } as NetworkChange
    const summary = { id: 'net_1', domains: 2 } as NetworkSummary
    expect(planOf(new NetworkRoll(), { changes: [change], networks: [summary] }).told).toEqual([
      { change, summary },
    ])
  })

  test('of what a member brings need not be written down first; of nothing there is none', () => {
    const roll = new NetworkRoll()
    expect(isEmptyPlan(planOf(roll, {}))).toBe(true)
    const first = planOf(roll, { members: [memberOf('a.bad.example', 'net_1')] })
    expect(isWorthLogging(first)).toBe(true)
    const again = planOf(roll, { members: [memberOf('a.bad.example', 'net_1')] })
    expect(isWorthLogging(again)).toBe(false)
    expect(isEmptyPlan(again)).toBe(false)
  })
})
