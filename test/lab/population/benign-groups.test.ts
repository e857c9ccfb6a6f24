import { describe, expect, it } from 'vitest'
import { BENIGN_ADDRESS_CLASSES } from '../../../src/core/detect/model/classes.ts'
import { BENIGN_GROUPS } from '../../../src/lab/population/benign-groups.ts'
import { LAB_REGIONS } from '../../../src/lab/regions.ts'
import { nameSpaceOf } from '../../../src/lab/watch/watch-member.ts'
import {
  START_AT,
  asnsOf,
  changesIn,
  distinct,
  drawBenign,
  drawMany,
  kindsOf,
  looksAt,
} from './benign-asking.ts'

const HOUR = 3600

describe('the benign groups', () => {
  it('cover every benign address class and are never flux nor an evasion', () => {
    const classes = new Set<string>()
    for (const group of BENIGN_GROUPS) {
      for (let index = 0; index < 4; index++) {
        const { truth, isEvasion } = drawBenign(group, 'fit', index)
        expect([truth.fluxType, isEvasion], group.group).toEqual([null, false])
        classes.add(truth.addresses)
      }
    }
    expect([...classes].toSorted()).toEqual([...BENIGN_ADDRESS_CLASSES].toSorted())
  })

  it.each(BENIGN_GROUPS.map((group) => [group.group, group] as const))(
    'draws the same %s again from the same dice',
    (_, group) => {
      const ask = (): unknown => {
        const member = drawBenign(group, 'report', 3)
        const { host, truth, failureRatio, parameters } = member
        const looks = looksAt(member, { count: 12, stepSeconds: 900, regions: LAB_REGIONS })
        return { host, truth, failureRatio, parameters, looks }
      }
      expect(ask()).toEqual(ask())
    },
  )

  it.each(BENIGN_GROUPS.map((group) => [group.group, group] as const))(
    'draws %s from other ranges for the other split, even on one plan',
    (_, group) => {
      const parameters = (split: 'fit' | 'report') =>
        [0, 1, 2, 3, 4, 5].map((index) => drawBenign(group, split, index, 'fit').parameters)
      expect(parameters('fit')).not.toEqual(parameters('report'))
    },
  )

  it.each(BENIGN_GROUPS.map((group) => [group.group, group] as const))(
    'answers for %s everywhere and at any time, from addresses of the plan, under name servers that resolve',
    (_, group) => {
      for (let index = 0; index < 12; index++) {
        const member = drawBenign(group, index % 2 ? 'fit' : 'report', index)
        const space = nameSpaceOf(member)
        const [v4, v6] = (['A', 'AAAA'] as const).map((type) =>
          looksAt(member, { count: 4, stepSeconds: group.watchSeconds / 4, regions: LAB_REGIONS, type }),
        )
        const answering = v4!.some((look) => look.length > 0) ? v4! : v6!
        expect(
          answering.every((look) => look.length > 0),
          member.host,
        ).toBe(true)
        for (const address of [...distinct(v4!), ...distinct(v6!)]) {
          expect(member.plan.networkOf(address), address).not.toBeNull()
        }
        const moment = { at: START_AT + 1000, region: 'us' } as const
        const names = space.resolve({ name: member.zone.apex, type: 'NS' }, moment)
        expect(names.answer.length, member.zone.apex).toBeGreaterThan(0)
        for (const { data } of names.answer) {
          expect(space.resolve({ name: data, type: 'A' }, moment).answer.length, data).toBeGreaterThan(0)
        }
      }
    },
  )

  it('fails seldom, but in about one member of ten as often as flux', () => {
    const ratios = BENIGN_GROUPS.flatMap((group) =>
      Array.from({ length: 40 }, (_, index) => drawBenign(group, 'report', index).failureRatio),
    )
    const often = ratios.filter((ratio) => ratio >= 0.01)
    expect(often.length / ratios.length).toBeGreaterThan(0.05)
    expect(often.length / ratios.length).toBeLessThan(0.16)
    expect(ratios.every((ratio) => ratio <= 0.001 || (ratio >= 0.01 && ratio <= 0.1))).toBe(true)
  })
})

describe('what each group claims', () => {
  it.each(['static', 'round-robin', 'anycast-set'])('%s shows the same set to everybody, always', (name) => {
    for (const member of drawMany(name, 15)) {
      const looks = looksAt(member, { count: 10, stepSeconds: 700, regions: LAB_REGIONS })
      expect(changesIn(looks), member.host).toBe(0)
    }
  })

  it('a round robin has several addresses in one or two ASNs', () => {
    for (const member of drawMany('round-robin', 15)) {
      const shown = distinct(looksAt(member, { count: 1, stepSeconds: 1 }))
      expect(shown.size).toBeGreaterThanOrEqual(2)
      expect(asnsOf(member, shown).size).toBeLessThanOrEqual(2)
    }
  })

  it('an anycast set spans several ASNs of one owner', () => {
    for (const member of drawMany('anycast-set', 15)) {
      const shown = [...distinct(looksAt(member, { count: 1, stepSeconds: 1 }))]
      expect(asnsOf(member, shown).size).toBeGreaterThanOrEqual(2)
      expect(new Set(shown.map((address) => member.plan.factsOf(address).organisation)).size).toBe(1)
    }
  })

  it('a CDN serves each region from another small set, half of the CDNs from access providers', () => {
    const members = drawMany('cdn', 40)
    for (const member of members) {
      const [eu, asia] = (['eu', 'asia'] as const).map((region) =>
        distinct(looksAt(member, { count: 200, stepSeconds: 600, regions: [region] })),
      )
      expect(eu!.size).toBeLessThanOrEqual(Number(member.parameters['perRegion']))
      expect(
        [...eu!].some((address) => asia!.has(address)),
        member.host,
      ).toBe(false)
    }
    const onNet = members.filter((member) =>
      kindsOf(member, distinct(looksAt(member, { count: 1, stepSeconds: 1 }))).includes('consumer'),
    )
    expect(onNet.length).toBeGreaterThan(10)
    expect(onNet.length).toBeLessThan(30)
  })

  it('CDNs are reached through aliases, some of them under suffixes of the context list', () => {
    const aliases = drawMany('cdn', 40).map(({ parameters }) => String(parameters['aliases']))
    expect(aliases.filter((chain) => chain !== 'none').length).toBeGreaterThan(30)
    expect(
      aliases.some((chain) => /cloudfront\.net|akamai|fastly\.net|azureedge|b-cdn|cloudflare/.test(chain)),
    ).toBe(true)
  })

  it('a multi-CDN site spans several owners out of a set that saturates', () => {
    for (const member of drawMany('multi-cdn', 25)) {
      const ask = (count: number) =>
        distinct(looksAt(member, { count, stepSeconds: 30, regions: LAB_REGIONS }))
      const [half, whole] = [ask(1500), ask(3000)]
      expect(asnsOf(member, whole).size, JSON.stringify(member.parameters)).toBeGreaterThanOrEqual(2)
      expect(whole.size - half.size).toBeLessThanOrEqual(Math.ceil(whole.size / 4))
    }
  })

  it('a cloud balancer replaces its nodes within one owner over the day', () => {
    for (const member of drawMany('cloud-balancer', 15)) {
      const shown = distinct(looksAt(member, { count: 144, stepSeconds: 600 }))
      expect(shown.size, JSON.stringify(member.parameters)).toBeGreaterThan(8)
      expect(shown.size).toBeLessThanOrEqual(150)
      expect(new Set([...shown].map((address) => member.plan.factsOf(address).organisation)).size).toBe(1)
    }
  })

  it('a volunteer pool goes on showing other servers, of many ASNs, some of them at home', () => {
    for (const member of drawMany('volunteer-pool', 20)) {
      const looks = looksAt(member, { count: 144, stepSeconds: 600, regions: LAB_REGIONS })
      const shown = distinct(looks)
      expect(Math.max(...looks.map((look) => look.length))).toBeLessThanOrEqual(8)
      expect(asnsOf(member, shown).size).toBeGreaterThan(25)
      const homes = kindsOf(member, shown).filter((kind) => kind === 'consumer').length / shown.size
      expect(homes).toBeGreaterThan(0)
      expect(homes).toBeLessThan(0.6)
    }
  })

  it('a third of the volunteer pools slide: what is shown stays for a while', () => {
    const turnover = (member: (typeof members)[number]): number =>
      changesIn(looksAt(member, { count: 60, stepSeconds: 20 })) / 59
    const members = drawMany('volunteer-pool', 30)
    const sliding = members.filter((member) => turnover(member) < 0.5)
    expect(sliding.map(({ host }) => host)).toEqual(
      members.filter(({ parameters }) => parameters['slideMinutes'] !== 0).map(({ host }) => host),
    )
    expect(sliding.length).toBeGreaterThan(3)
    expect(sliding.length).toBeLessThan(20)
  })

  it('most pools and seeds have names that no list knows, some have listed ones', () => {
    for (const [name, listed] of [
      ['volunteer-pool', /(^|\.)pool\.ntp\.org$/],
      ['dns-seed', /^(dns)?seed\.(bitcoin\.|emzy\.de|bluematt\.me)/],
    ] as const) {
      const known = drawMany(name, 60).filter(({ host }) => listed.test(host))
      expect(known.length, name).toBeGreaterThan(2)
      expect(known.length, name).toBeLessThan(22)
    }
  })

  it('a DNS seed answers widely from a large pool of homes and data centres', () => {
    for (const member of drawMany('dns-seed', 15)) {
      const type = member.parameters['families'] === '6' ? 'AAAA' : 'A'
      const looks = looksAt(member, { count: 24, stepSeconds: HOUR, type })
      const shown = distinct(looks)
      expect(Math.min(...looks.map((look) => look.length))).toBeGreaterThanOrEqual(8)
      expect(shown.size).toBeGreaterThan(100)
      expect(new Set(kindsOf(member, shown)).size).toBeGreaterThanOrEqual(2)
    }
  })

  it('mirrors have many owners and at most one change a day', () => {
    const members = drawMany('mirrors', 30)
    for (const member of members) {
      const shown = distinct(looksAt(member, { count: 300, stepSeconds: 288 }))
      const mirrors = Number(member.parameters['mirrors'])
      expect(shown.size, JSON.stringify(member.parameters)).toBeLessThanOrEqual(mirrors + 1)
      expect(asnsOf(member, shown).size).toBeGreaterThanOrEqual(3)
    }
    const changing = members.filter(({ parameters }) => parameters['changes'] === 'daily')
    for (const member of changing) {
      expect(changesIn(looksAt(member, { count: 96, stepSeconds: 900 })), member.host).toBe(1)
    }
    expect(changing.length).toBeGreaterThan(3)
  })

  it('geographic mirrors show every region others, out of a set that stands still', () => {
    for (const member of drawMany('geo-mirrors', 15)) {
      const [eu, us] = (['eu', 'us'] as const).map((region) =>
        distinct(looksAt(member, { count: 60, stepSeconds: 100, regions: [region] })),
      )
      expect([...eu!].some((address) => us!.has(address))).toBe(false)
      const all = distinct(looksAt(member, { count: 60, stepSeconds: 100, regions: LAB_REGIONS }))
      expect(all.size).toBeLessThanOrEqual(Number(member.parameters['mirrors']))
      expect(asnsOf(member, all).size).toBeGreaterThanOrEqual(6)
    }
  })

  it('mirrors of block lists have tiny TTLs and several hosters', () => {
    for (const member of drawMany('rbl-mail', 15)) {
      const shown = distinct(looksAt(member, { count: 200, stepSeconds: 20 }))
      expect(shown.size).toBe(member.parameters['mirrors'])
      expect(Number(member.parameters['ttl'])).toBeLessThanOrEqual(30)
      expect(asnsOf(member, shown).size).toBeGreaterThanOrEqual(4)
    }
  })

  it('a dynamic name has one address at a time, in one access provider', () => {
    const members = drawMany('dyn-dns', 30)
    let changing = 0
    for (const member of members) {
      const looks = looksAt(member, { count: 144, stepSeconds: 600 })
      expect(looks.every((look) => look.length === 1)).toBe(true)
      expect(asnsOf(member, distinct(looks)).size).toBe(1)
      expect(new Set(kindsOf(member, distinct(looks)))).toEqual(new Set(['consumer']))
      if (changesIn(looks) > 0) changing++
    }
    expect(changing).toBeGreaterThan(10)
  })

  it('a home cluster shows two to five lines of at most three providers, which change now and then', () => {
    for (const member of drawMany('home-cluster', 20)) {
      const looks = looksAt(member, { count: 144, stepSeconds: 600 })
      expect(new Set(looks.map((look) => look.length))).toEqual(new Set([member.parameters['lines']]))
      expect(asnsOf(member, distinct(looks)).size).toBeLessThanOrEqual(3)
      expect(new Set(kindsOf(member, distinct(looks)))).toEqual(new Set(['consumer']))
    }
  })

  it('a parked name passes among the sets of a few parkers', () => {
    const sets = drawMany('parking', 25).map((member) => {
      const looks = looksAt(member, { count: 288, stepSeconds: 300 })
      const seen = new Set(looks.map((look) => look.join()))
      expect(seen.size).toBeLessThanOrEqual(Number(member.parameters['parkers']))
      return seen.size
    })
    expect(Math.max(...sets)).toBeGreaterThan(1)
  })

  it('a migration changes once and for good', () => {
    const moved = drawMany('migration', 30).filter(({ truth }) => truth.addresses === 'migration')
    expect(moved.length).toBeGreaterThan(20)
    for (const member of moved) {
      const looks = looksAt(member, { count: 289, stepSeconds: 300 })
      expect(new Set(looks.map((look) => look.join())).size).toBe(2)
      expect(looks[0]).not.toEqual(looks.at(-1))
      if (member.parameters['overlapSeconds'] === 0) expect(changesIn(looks)).toBe(1)
    }
  })
})
