import { describe, expect, it } from 'vitest'
import { COUNTRY_PLACES } from '../../../src/core/net/country-places.ts'
import { drawMember } from '../../../src/lab/population/catalogue.ts'
import { FLUX_GROUPS } from '../../../src/lab/population/flux-groups.ts'
import { LAB_REGIONS } from '../../../src/lab/regions.ts'
import { ask, askOver, distinct, HOUR, membersOf, MINUTE, START } from './asking.ts'

const DAY = 24 * HOUR

describe.each(FLUX_GROUPS.map((group) => [group.group, group] as const))('%s', (_, group) => {
  const seenOf = (index: number, split: 'fit' | 'report', seed?: number) => {
    const member = drawMember(group, split, index, START, seed)
    const { host, truth, parameters, failureRatio } = member
    const answers = LAB_REGIONS.map((region) => [
      ask(member, START, region),
      ask(member, START, region, 'AAAA'),
    ])
    return { host, truth, parameters, failureRatio, answers }
  }

  it('draws the same member from the same arguments and another from others', () => {
    expect(seenOf(3, 'fit')).toEqual(seenOf(3, 'fit'))
    const one = JSON.stringify(seenOf(3, 'fit'))
    expect(JSON.stringify(seenOf(4, 'fit'))).not.toBe(one)
    expect(JSON.stringify(seenOf(3, 'report'))).not.toBe(one)
    expect(JSON.stringify(seenOf(3, 'fit', 2))).not.toBe(one)
  })

  it('says of all members that they are flux, and serves every name server’s address', () => {
    for (let index = 0; index < 10; index++) {
      const member = drawMember(group, 'report', index, START)
      expect(member.truth.fluxType).not.toBeNull()
      expect(member.failureRatio).toBeLessThanOrEqual(0.08)
      const zones = [member.zone, ...member.infrastructure]
      expect(member.zone.nameServers.length).toBeGreaterThanOrEqual(2)
      for (const server of member.zone.nameServers) {
        const owner = zones.find((zone) => server.name.endsWith(`.${zone.apex}`))!
        const { answer } = owner.answer({ name: server.name, type: 'A' }, { at: START, region: 'eu' })
        expect(answer.map((record) => record.data)).toEqual(server.addressesAt(START))
      }
    }
  })
})

describe('single-flux', () => {
  it('draws from other TTLs in either split', () => {
    const ttls = (split: 'fit' | 'report') =>
      new Set(membersOf('single-flux', 40, split).map((member) => member.parameters['ttlSeconds']))
    expect(ttls('fit')).toEqual(new Set([60, 180, 300, 600]))
    expect(ttls('report')).toEqual(new Set([120, 240, 300, 450]))
  })

  it('shows all clients the same seats when it rotates, and each another draw when it draws', () => {
    const members = membersOf('single-flux', 20)
    const forms = new Set(members.map((member) => member.truth.addresses))
    expect(forms).toEqual(new Set(['rotating-flux', 'drawing-flux']))
    for (const member of members) {
      const [eu, us] = [ask(member, START, 'eu').toSorted(), ask(member, START, 'us').toSorted()]
      if (member.truth.addresses === 'rotating-flux') expect(us).toEqual(eu)
      else expect(us).not.toEqual(eu)
    }
  })

  it('goes on showing new agents for two hours', () => {
    for (const member of membersOf('single-flux', 20)) {
      const answers = askOver(member, 2 * HOUR, 5 * MINUTE)
      const width = Math.max(...answers.map((answer) => answer.length))
      expect(distinct(answers).size).toBeGreaterThan(2 * width)
      const early = distinct(answers.slice(0, 13))
      expect([...distinct(answers.slice(13))].some((address) => !early.has(address))).toBe(true)
    }
  })

  it('lets most of its agents sit with consumers in many networks', () => {
    for (const member of membersOf('single-flux', 20)) {
      const networks = [...distinct(askOver(member, 2 * HOUR, 5 * MINUTE))].map((address) =>
        member.plan.networkOf(address)!,
      )
      const consumers = networks.filter((network) => network.kind === 'consumer')
      expect(consumers.length / networks.length).toBeGreaterThan(0.7)
      expect(new Set(networks.map((network) => network.asn)).size).toBeGreaterThan(5)
    }
  })
})

describe('a botnet that sleeps at night', () => {
  /** Share of the agents, shown around the clock, for whom it is between midnight and five. */
  const nightShare = (isDiurnal: number): number => {
    const members = membersOf('one-address-flux', 40).filter(
      (member) => member.parameters['diurnal'] === isDiurnal,
    )
    const localHours = members.flatMap((member) =>
      Array.from({ length: 96 }, (_, quarter) => START + quarter * 15 * MINUTE).map((at) => {
        const country = member.plan.factsOf(ask(member, at)[0]!).country!
        return (at / HOUR + COUNTRY_PLACES.get(country)!.utcOffsetMinutes / 60 + 24) % 24
      }),
    )
    return localHours.filter((hour) => hour < 5).length / localHours.length
  }

  it('shows few agents for whom it is night', () => {
    // 5/24 = 0.208 without a rhythm.
    expect(nightShare(0)).toBeGreaterThan(0.18)
    expect(nightShare(1)).toBeLessThan(0.15)
  })
})

describe('one-address-flux', () => {
  it('shows one address that no cache may keep for long, another one at least every five minutes', () => {
    for (const member of membersOf('one-address-flux', 20)) {
      const { answer } = member.zone.answer({ name: member.host, type: 'A' }, { at: START, region: 'eu' })
      expect(answer).toHaveLength(1)
      expect(answer[0]!.ttlSeconds).toBeLessThanOrEqual(10)
      expect(distinct(askOver(member, 2 * HOUR, 5 * MINUTE)).size).toBeGreaterThan(20)
    }
  })

  it('keeps the address for as long as it says', () => {
    const keeping = membersOf('one-address-flux', 30).filter((one) => one.parameters['each'] !== 'question')
    expect(keeping.length).toBeGreaterThan(5)
    for (const member of keeping) {
      const seconds = Number(String(member.parameters['each']).split(' ')[0])
      const since = Math.ceil(START / seconds / 1000) * seconds * 1000
      expect(ask(member, since + seconds * 1000 - 1)).toEqual(ask(member, since))
    }
  })
})

describe('moving name servers', () => {
  it('change the address of one at least within three days, at the times that they announce', () => {
    for (const member of [...membersOf('ns-flux', 15), ...membersOf('double-flux', 15)]) {
      const { nameServers } = member.zone
      const next = Math.min(...nameServers.map((server) => server.changesAfter(START)!))
      expect(next).toBeLessThan(START + 3 * DAY)
      const at = (time: number) => nameServers.map((server) => server.addressesAt(time)[0])
      expect(at(next - 1)).toEqual(at(START))
      expect(at(next)).not.toEqual(at(START))
    }
  })

  it('come as fast as Konte et al. measured', () => {
    const intervals = membersOf('ns-flux', 400).map((member) =>
      Number(member.parameters['nsIntervalSeconds']),
    )
    const share = (seconds: number) => intervals.filter((interval) => interval <= seconds).length / 400
    expect(share(3300)).toBeGreaterThan(0.05)
    expect(share(3300)).toBeLessThan(0.16)
    expect(share(14_500)).toBeGreaterThan(0.31)
    expect(share(40_000)).toBeLessThan(0.47)
    expect(share(209_000)).toBeLessThan(0.85)
    expect(share(210_000)).toBe(1)
  })

  it('serve a still A set in ns-flux', () => {
    for (const member of membersOf('ns-flux', 15)) {
      expect(member.truth.fluxType).toBe('ns')
      const shown = distinct(askOver(member, 3 * DAY, 3 * HOUR))
      expect([...shown].toSorted()).toEqual(ask(member, START).toSorted())
    }
  })

  it('take their addresses mostly from what the name shows in double-flux', () => {
    let shared = 0
    let moves = 0
    for (const member of membersOf('double-flux', 40)) {
      for (const server of member.zone.nameServers) {
        for (let move = server.changesAfter(START)!, n = 0; n < 10; move = server.changesAfter(move)!, n++) {
          moves++
          if (ask(member, move).includes(server.addressesAt(move)[0]!)) shared++
        }
      }
    }
    // Of 0.65 to 0.95 by member.
    expect(shared / moves).toBeGreaterThan(0.7)
    expect(shared / moves).toBeLessThan(0.9)
  })
})

describe('slow-flux', () => {
  it('replaces few within an hour and many within three days', () => {
    for (const member of membersOf('slow-flux', 20)) {
      const width = ask(member, START).length
      expect(distinct(askOver(member, HOUR, 10 * MINUTE)).size).toBeLessThanOrEqual(width + 4)
      expect(distinct(askOver(member, 3 * DAY, 20 * MINUTE)).size).toBeGreaterThan(width + 8)
    }
  })
})

describe('regional-flux', () => {
  it('has most of its agents in two countries at most', () => {
    const inside = membersOf('regional-flux', 20).map((member) => {
      const countries = String(member.parameters['countries']).split('+')
      expect(countries.length).toBeLessThanOrEqual(2)
      const shown = [...distinct(askOver(member, 6 * HOUR, 5 * MINUTE))]
      const there = shown.filter((address) => countries.includes(member.plan.factsOf(address).country!))
      return there.length / shown.length
    })
    expect(inside.reduce((sum, share) => sum + share, 0) / inside.length).toBeGreaterThan(0.8)
    expect(Math.min(...inside)).toBeGreaterThan(0.6)
  })
})

describe('aaaa-flux', () => {
  it('moves its AAAA and has no A or one that stays', () => {
    for (const member of membersOf('aaaa-flux', 15)) {
      const six = askOver(member, 2 * HOUR, 5 * MINUTE, 'AAAA')
      expect(distinct(six).size).toBeGreaterThan(2 * six[0]!.length)
      expect([...distinct(six)].every((address) => address.includes(':'))).toBe(true)
      expect(distinct(askOver(member, 2 * HOUR, 5 * MINUTE)).size).toBeLessThanOrEqual(1)
    }
  })
})
