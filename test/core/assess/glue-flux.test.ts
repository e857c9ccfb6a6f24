// NS flux beneath glue TTLs of two days: resolvers keep what they once learned, the parent's servers know better.
import { describe, expect, it } from 'vitest'
import { assess } from '../../../src/core/assess.ts'
import type { Assessment } from '../../../src/core/model/assessment.ts'
import type { Observation } from '../../../src/core/model/observation.ts'
import { DEFAULT_POLICY } from '../../../src/core/policy.ts'
import type { HostSeries } from '../../../src/core/series/host-series.ts'
import { ownAnswer, referral, TWO_DAYS, watchDelegation, ZONE } from '../series/scripted-authorities.ts'
import { enrichmentBySlash16, scattered, START, watchHost } from '../series/scripted-rounds.ts'
import type { Look } from '../series/scripted-rounds.ts'

const EVERY = 600
const ROUNDS = 18
const SEATS = [1, 2, 3, 4]
const RESOLVERS = ['v1', 'v2', 'v3']
const nameOf = (seat: number) => `ns${seat}.${ZONE}`

type Glue = (round: number, seat: number) => { readonly name: string; readonly address: string }

/** What one vantage's cache holds of an RRset that it learned at the start. */
const countedDown = (round: number): Omit<Look, 'a'> => ({ at: round * EVERY, ttl: TWO_DAYS - round * EVERY })

/** The site stands still; the resolvers' copies of the name servers' addresses too. Only the parent's glue moves. */
function watch(
  glue: Glue,
  options: { readonly direct?: boolean; readonly rounds?: number } = {},
): Assessment {
  const { direct = true, rounds = ROUNDS } = options
  const each = Array.from({ length: rounds }, (_, round) => round)
  const host = watchHost(
    `www.${ZONE}`,
    each.map((round) =>
      RESOLVERS.map((vantage) => ({ at: round * EVERY, vantage, ttl: 300, a: ['61.7.0.1'] })),
    ),
  )
  const nameServers = SEATS.map((seat): HostSeries => {
    const frozen = glue(0, seat)
    return watchHost(
      frozen.name,
      each.map((round) =>
        RESOLVERS.map((vantage) => ({ ...countedDown(round), vantage, a: [frozen.address] })),
      ),
    )
  })
  const zone = watchDelegation(
    each.map((round): Observation[] => {
      const said = SEATS.map((seat) => glue(round, seat))
      const names = Object.fromEntries(said.map(({ name, address }) => [name, [address]]))
      const side = { names, ttl: TWO_DAYS, glueTtl: TWO_DAYS }
      return direct
        ? [referral(round * EVERY, side), ownAnswer(round * EVERY, side)]
        : [unsigned(round, side.names)]
    }),
  )
  const last = START + (rounds - 1) * EVERY * 1000
  return assess(
    { domain: `www.${ZONE}`, host, zone, nameServers },
    enrichmentBySlash16(),
    DEFAULT_POLICY,
    last,
  )
}

/** The NS set as a resolver gives it: no addresses, no authority named. */
function unsigned(round: number, names: Readonly<Record<string, readonly string[]>>): Observation {
  const { server: _server, side: _side, authoritative: _aa, ...plain } = ownAnswer(round * EVERY, { names })
  return { ...plain, vantage: 'v1', additional: [] }
}

const moving: Glue = (round, seat) => ({ name: nameOf(seat), address: scattered(round * 4 + seat) })
const still: Glue = (_round, seat) => ({ name: nameOf(seat), address: scattered(seat) })
const value = (result: Assessment, id: string) => result.features.find((one) => one.id === id)!.value
const evidenceIds = (result: Assessment) =>
  result.evidence.filter(({ about }) => about === 'name_servers').map(({ id }) => id)

describe('glue that changes each look beneath a TTL of two days', () => {
  it('is NS flux to the vantage that asks the parent', () => {
    const result = watch(moving)
    expect([result.verdict, result.fluxType]).toEqual(['flux', 'ns'])
    expect(evidenceIds(result)).toEqual(
      expect.arrayContaining(['ns-address-change', 'ns-address-growth', 'ns-operators']),
    )
    expect(value(result, 'delegation_changes_within_ttl')).toBe(ROUNDS - 1)
    expect(value(result, 'glue_addresses')).toBe(4 * ROUNDS)
  })

  it('cannot be seen through resolvers alone', () => {
    const result = watch(moving, { direct: false })
    expect(value(result, 'ns_new_addresses')).toBe(0)
    expect(value(result, 'delegation_changes')).toBeNull()
    expect(result.verdict).toBe('no_flux_seen')
  })

  it('is not called flux on the first looks', () => {
    for (const rounds of [1, 2]) expect(watch(moving, { rounds }).verdict).toBe('pending')
  })
})

describe('glue that gives no reason', () => {
  it('stands still for two days and is no flux', () => {
    const result = watch(still)
    expect(result.verdict).toBe('no_flux_seen')
    expect(result.evidence.filter(({ about, weight }) => about === 'name_servers' && weight > 0)).toEqual([])
    expect(value(result, 'delegation_changes')).toBe(0)
  })

  it('moves once to another registrar’s name servers and is no flux', () => {
    const migrated: Glue = (round, seat) =>
      round < 9
        ? { name: nameOf(seat), address: scattered(seat) }
        : { name: `dns${seat}.${ZONE}`, address: scattered(100 + seat) }
    const result = watch(migrated)
    expect(result.verdict).toBe('no_flux_seen')
    expect(value(result, 'delegation_changes')).toBe(1)
    expect(value(result, 'glue_changes')).toBe(0)
  })

  it('moves once, under the same names, within the networks of one operator, and is no flux', () => {
    const renumbered: Glue = (round, seat) => ({
      name: nameOf(seat),
      address: `${round < 9 ? 71 : 72}.1.0.${seat}`,
    })
    const result = watch(renumbered)
    expect(result.verdict).toBe('no_flux_seen')
    expect(value(result, 'delegation_changes_within_ttl')).toBe(1)
  })

  it('has one server of a careful owner renumbered and is no flux', () => {
    const careful: Glue = (round, seat) => ({
      name: nameOf(seat),
      address: seat === 3 && round >= 9 ? '79.1.0.1' : `7${seat}.1.0.1`,
    })
    expect(watch(careful).verdict).toBe('no_flux_seen')
  })

  it('differs from what the child says, all the time, and is no flux', () => {
    const names = Object.fromEntries(SEATS.map((seat) => [nameOf(seat), [scattered(seat)]]))
    const other = Object.fromEntries(SEATS.map((seat) => [nameOf(seat), [scattered(50 + seat)]]))
    const each = Array.from({ length: ROUNDS }, (_, round) => round)
    const zone = watchDelegation(
      each.map((round) => [
        referral(round * EVERY, { names, ttl: TWO_DAYS }),
        ownAnswer(round * EVERY, { names: other, ttl: 300 }),
      ]),
    )
    const host = watchHost(
      `www.${ZONE}`,
      each.map((round) =>
        RESOLVERS.map((vantage) => ({ at: round * EVERY, vantage, ttl: 300, a: ['61.7.0.1'] })),
      ),
    )
    const nameServers = SEATS.map((seat) =>
      watchHost(
        nameOf(seat),
        each.map((round) =>
          [...RESOLVERS, 'direct'].map((vantage) => ({
            at: round * EVERY,
            vantage,
            ttl: 300,
            a: [scattered(50 + seat)],
          })),
        ),
      ),
    )
    const result = assess(
      { domain: `www.${ZONE}`, host, zone, nameServers },
      enrichmentBySlash16(),
      DEFAULT_POLICY,
      host.lastAt!,
    )
    expect(result.verdict).toBe('no_flux_seen')
    expect(value(result, 'ns_new_addresses')).toBe(0)
    expect(value(result, 'glue_mismatches')).toBe(4)
  })
})
