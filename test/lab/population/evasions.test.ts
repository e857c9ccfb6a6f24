import { describe, expect, it } from 'vitest'
import { NAME_LISTS } from '../../../src/core/detect/context/catalogue.ts'
import { ipv4Number } from '../../../src/core/net/address.ts'
import { FLUX_GROUPS } from '../../../src/lab/population/flux-groups.ts'
import type { Member } from '../../../src/lab/population/member.ts'
import { LAB_REGIONS } from '../../../src/lab/regions.ts'
import { ask, askOver, distinct, HOUR, membersOf, MINUTE, START } from './asking.ts'

const EVASIONS = FLUX_GROUPS.map(({ group }) => group).filter((group) => membersOf(group, 1)[0]!.isEvasion)

/** Share of what was shown in six hours that is true of. */
function shareOf(member: Member, isOne: (address: string) => boolean): number {
  const shown = [...distinct(askOver(member, 6 * HOUR, 5 * MINUTE))]
  return shown.filter(isOne).length / shown.length
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}

describe('the evasions', () => {
  it('are eight groups, all of them single flux in truth', () => {
    expect(EVASIONS).toHaveLength(8)
    for (const group of EVASIONS) expect(membersOf(group, 1)[0]!.truth.fluxType).toBe('single')
  })
})

describe('injected-benign-flux', () => {
  it('shows servers of good name among its agents, fewer of them than agents', () => {
    const seats = membersOf('injected-benign-flux', 20).map((member) => {
      const seen = askOver(member, 6 * HOUR, 5 * MINUTE).flat()
      return (
        seen.filter((address) => member.plan.networkOf(address)!.kind !== 'consumer').length / seen.length
      )
    })
    expect(mean(seats)).toBeGreaterThan(0.15)
    expect(mean(seats)).toBeLessThan(0.45)
  })
})

describe('cloud-flux', () => {
  it('sits with clouds and hosters alone', () => {
    for (const member of membersOf('cloud-flux', 10)) {
      expect(shareOf(member, (one) => member.plan.networkOf(one)!.kind === 'consumer')).toBe(0)
    }
  })
})

describe('dead-padding-flux', () => {
  it('shows addresses of nobody among agents that are somebody’s', () => {
    for (const member of membersOf('dead-padding-flux', 10)) {
      const dead = shareOf(member, (one) => member.plan.networkOf(one) === null)
      expect(dead).toBeGreaterThan(0)
      expect(dead).toBeLessThan(0.9)
    }
  })
})

describe('long-ttl-flux', () => {
  it('lets caches keep its answers for half an hour at least, and moves all the same', () => {
    for (const member of membersOf('long-ttl-flux', 10)) {
      const { answer } = member.zone.answer({ name: member.host, type: 'A' }, { at: START, region: 'eu' })
      for (const record of answer) expect(record.ttlSeconds).toBeGreaterThanOrEqual(1800)
      expect(distinct(askOver(member, 24 * HOUR, 30 * MINUTE)).size).toBeGreaterThan(3 * answer.length)
    }
  })
})

describe('cdn-mimicry-flux', () => {
  it('shows every region agents of its own, sorted', () => {
    for (const member of membersOf('cdn-mimicry-flux', 10)) {
      const slices = LAB_REGIONS.map((region) => ask(member, START, region))
      expect(new Set(slices.flat()).size).toBe(slices.flat().length)
      for (const slice of slices) {
        const numbers = slice.map((address) => ipv4Number(address)!)
        expect(numbers).toEqual(numbers.toSorted((a, b) => a - b))
      }
    }
  })
})

describe('cname-to-cdn-flux', () => {
  const suffixes = NAME_LISTS.flatMap((list) => list.entries.map(({ entry }) => entry))

  it('leads over a name that a context list knows to agents that move', () => {
    for (const member of membersOf('cname-to-cdn-flux', 20)) {
      const zones = [member.zone, ...member.infrastructure]
      const follow = (at: number): { names: string[]; addresses: string[] } => {
        const names: string[] = []
        for (let name = member.host; ;) {
          names.push(name)
          const zone = zones.find((one) => name === one.apex || name.endsWith(`.${one.apex}`))!
          const { answer } = zone.answer({ name, type: 'A' }, { at, region: 'eu' })
          const aliased = answer.find((record) => record.type === 'CNAME')
          if (aliased === undefined) return { names, addresses: answer.map((record) => record.data) }
          name = aliased.data
        }
      }
      const first = follow(START)
      expect(suffixes.some((suffix) => first.names[1]!.endsWith(`.${suffix}`))).toBe(true)
      const shown = Array.from({ length: 25 }, (_, step) => follow(START + step * 5 * MINUTE))
      expect(shown.every(({ names }) => names.join() === first.names.join())).toBe(true)
      expect(distinct(shown.map(({ addresses }) => addresses)).size).toBeGreaterThan(
        2 * first.addresses.length,
      )
    }
  })
})

describe('intermittent-flux', () => {
  it('stands still for an hour or more of the day and moves for most of it', () => {
    for (const member of membersOf('intermittent-flux', 10)) {
      const answers = askOver(member, 48 * HOUR, 5 * MINUTE).map((answer) => answer.toSorted().join())
      let longest = 0
      for (let step = 1, still = 0; step < answers.length; step++) {
        still = answers[step] === answers[step - 1] ? still + 5 : 0
        longest = Math.max(longest, still)
      }
      expect(longest).toBeGreaterThanOrEqual(60)
      expect(distinct([answers]).size).toBeGreaterThan(40)
    }
  })
})

describe('geo-fenced-flux', () => {
  it('refuses exactly one region', () => {
    for (const member of membersOf('geo-fenced-flux', 10)) {
      const rcodes = LAB_REGIONS.map(
        (region) => member.zone.answer({ name: member.host, type: 'A' }, { at: START, region }).rcode,
      )
      expect(rcodes.filter((rcode) => rcode === 'NOERROR')).toHaveLength(2)
    }
  })
})
