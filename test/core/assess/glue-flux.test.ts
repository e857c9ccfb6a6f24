// NS flux beneath glue TTLs of two days: resolvers keep what they once learned, the parent's servers know better.
import { describe, expect, it } from 'vitest'
import { assess } from '../../../src/core/assess.ts'
import type { Enrichment } from '../../../src/core/model/address-facts.ts'
import type { Assessment } from '../../../src/core/model/assessment.ts'
import type { Observation } from '../../../src/core/model/observation.ts'
import { DEFAULT_POLICY } from '../../../src/core/policy.ts'
import type { HostSeries } from '../../../src/core/series/host-series.ts'
import { ownAnswer, referral, TWO_DAYS, watchDelegation, ZONE } from '../series/scripted-authorities.ts'
import { enrichmentBySlash16, START, watchHost } from '../series/scripted-rounds.ts'
import type { Look } from '../series/scripted-rounds.ts'
import { atOneCompany, home, hosted, NETWORKS } from './networks.ts'

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
  options: { readonly direct?: boolean; readonly rounds?: number; readonly known?: Enrichment } = {},
): Assessment {
  const { direct = true, rounds = ROUNDS, known = NETWORKS } = options
  const each = Array.from({ length: rounds }, (_, round) => round)
  const host = watchHost(
    `www.${ZONE}`,
    each.map((round) =>
      RESOLVERS.map((vantage) => ({ at: round * EVERY, vantage, ttl: 300, a: [hosted(7)] })),
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
  return assess({ domain: `www.${ZONE}`, host, zone, nameServers }, known, DEFAULT_POLICY, last)
}

/** The NS set as a resolver gives it: no addresses, no authority named. */
function unsigned(round: number, names: Readonly<Record<string, readonly string[]>>): Observation {
  const { server: _server, side: _side, authoritative: _aa, ...plain } = ownAnswer(round * EVERY, { names })
  return { ...plain, vantage: 'v1', additional: [] }
}

const moving: Glue = (round, seat) => ({ name: nameOf(seat), address: home(round * 4 + seat) })
const still: Glue = (_round, seat) => ({ name: nameOf(seat), address: hosted(seat) })
/** Four servers at four companies, of which one is renumbered in the tenth look. */
const careful: Glue = (round, seat) => ({
  name: nameOf(seat),
  address: hosted(seat === 3 && round >= 9 ? 20 : seat),
})
const value = (result: Assessment, id: string) => result.features.find((one) => one.id === id)!.value
const evidenceForFlux = ({ evidence }: Assessment) =>
  evidence.filter(({ about, weight }) => about === 'name_servers' && weight > 0).map(({ id }) => id)
const MOVEMENT = ['ns-address-change', 'ns-growth', 'glue-change']
const UNFLAGGED = ['pending', 'no_flux_seen']

describe('glue that changes each look beneath a TTL of two days', () => {
  it('is NS flux to the vantage that asks the parent', () => {
    const result = watch(moving)
    expect([result.verdict, result.fluxType]).toEqual(['flux', 'ns'])
    expect(evidenceForFlux(result)).toEqual(expect.arrayContaining(['ns-address-change', 'ns-operators']))
    expect(value(result, 'delegation_changes_within_ttl')).toBe(ROUNDS - 1)
    // Sixteen addresses of each name server are held exactly.
    expect(value(watch(moving, { rounds: 16 }), 'glue_addresses')).toBe(4 * 16)
  })

  it('cannot be seen through resolvers alone', () => {
    const result = watch(moving, { direct: false })
    expect(value(result, 'ns_new_addresses')).toBe(0)
    expect(value(result, 'delegation_changes')).toBeNull()
    expect(UNFLAGGED).toContain(result.verdict)
  })

  it('is not called flux on the first look, and is within two looks after the first change', () => {
    expect(watch(moving, { rounds: 1 }).verdict).toBe('pending')
    const { verdict, fluxType } = watch(moving, { rounds: 3 })
    expect([verdict, fluxType]).toEqual(['flux', 'ns'])
  })
})

describe('glue that gives no reason', () => {
  it('stands still for two days and is no flux', () => {
    const result = watch(still)
    expect(result.verdict).toBe('no_flux_seen')
    for (const id of MOVEMENT) expect(evidenceForFlux(result)).not.toContain(id)
    expect(value(result, 'delegation_changes')).toBe(0)
  })

  it('moves once to another registrar’s name servers and is no flux', () => {
    const migrated: Glue = (round, seat) =>
      round < 9
        ? { name: nameOf(seat), address: hosted(seat) }
        : { name: `dns${seat}.${ZONE}`, address: atOneCompany(seat) }
    const result = watch(migrated)
    expect(UNFLAGGED).toContain(result.verdict)
    expect(value(result, 'delegation_changes')).toBe(1)
    expect(value(result, 'glue_changes')).toBe(0)
  })

  it('moves once, under the same names, within the networks of one operator, and is no flux', () => {
    const renumbered: Glue = (round, seat) => ({
      name: nameOf(seat),
      address: atOneCompany(seat, round >= 9),
    })
    const result = watch(renumbered)
    expect(result.verdict).toBe('no_flux_seen')
    expect(value(result, 'delegation_changes_within_ttl')).toBe(1)
  })

  it.each<[string, Enrichment]>([
    ['with the names of the owners', NETWORKS],
    ['without them', enrichmentBySlash16()],
  ])('has one server of a careful owner renumbered and is no flux, %s', (_known, known) => {
    for (const rounds of [10, ROUNDS, 30]) expect(watch(careful, { rounds, known }).verdict).not.toBe('flux')
  })

  it('has one server of a careful owner renumbered, and is suspicious no longer than some hours', () => {
    expect(UNFLAGGED).toContain(watch(careful, { rounds: 60 }).verdict)
  })

  it('differs from what the child says, all the time, and is no flux', () => {
    const names = Object.fromEntries(SEATS.map((seat) => [nameOf(seat), [hosted(seat)]]))
    const other = Object.fromEntries(SEATS.map((seat) => [nameOf(seat), [hosted(50 + seat)]]))
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
        RESOLVERS.map((vantage) => ({ at: round * EVERY, vantage, ttl: 300, a: [hosted(7)] })),
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
            a: [hosted(50 + seat)],
          })),
        ),
      ),
    )
    const result = assess(
      { domain: `www.${ZONE}`, host, zone, nameServers },
      NETWORKS,
      DEFAULT_POLICY,
      host.lastAt!,
    )
    expect(UNFLAGGED).toContain(result.verdict)
    expect(value(result, 'ns_new_addresses')).toBe(0)
    expect(value(result, 'glue_mismatches')).toBe(4)
  })
})
