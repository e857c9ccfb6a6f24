// A round of a watched name of which sensors' logs were imported: what it shows, and what it does not do.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { Assessment } from '../../src/core/model/assessment.ts'
import { DEFAULT_POLICY } from '../../src/core/policy.ts'
import { probeRound } from '../../src/queue/probe-round.ts'
import type { RoundParts } from '../../src/queue/round-ports.ts'
import { LiveSensors } from '../../src/store/live-sensors.ts'
import { LiveHouse } from '../store/live-house.ts'
import { HOST, NAME, RoundStand, T } from './round-stand.ts'

let house: LiveHouse
let stand: RoundStand
let parts: RoundParts
beforeAll(async () => {
  house = await LiveHouse.open()
})
afterAll(() => house?.close())
beforeEach(async () => {
  await house.reset()
  stand = new RoundStand()
  parts = {
    ...stand.parts,
    sensors: new LiveSensors(house.redis),
    enrichment: {
      hasAsn: true,
      hasCountry: true,
      factsOf: (address) => ({
        asn: Number(address.split('.')[1]),
        organisation: `Provider ${address.split('.')[1]} Broadband`,
        country: 'UA',
      }),
    },
  }
})

/** Each in a network of its own. */
const sensedLines = (count: number): Map<string, { first: number; last: number }> =>
  new Map(Array.from({ length: count }, (_, index) => [`60.${index + 1}.0.1`, { first: T, last: T }]))

/** Rounds of a minute each; the name shows what `addressesOf` says. */
async function rounds(
  count: number,
  addressesOf: (round: number) => string[],
  given: RoundParts = parts,
): Promise<Assessment> {
  stand.watch()
  for (let round = 0; round < count; round += 1) {
    stand.prober.answer(`${NAME} A`, addressesOf(round))
    await probeRound(HOST, given)
    stand.clock.advance(61_000)
  }
  return stand.store.get(NAME)!.assessment!
}

const valueOf = ({ features }: Assessment, id: string) => features.find((feature) => feature.id === id)?.value
const sensorsEvidence = ({ evidence }: Assessment) => evidence.filter(({ restsOn }) => restsOn !== undefined)
const moving = (round: number): string[] => [`20.${round + 1}.0.1`, `20.${round + 2}.0.1`]

describe('A round', () => {
  test('of a name that moves shows what sensors saw, and weighs it apart', async () => {
    await new LiveSensors(house.redis).note('corp-dns', new Map([[NAME, sensedLines(12)]]))
    const assessment = await rounds(3, moving)
    expect(valueOf(assessment, 'sensors')).toBe(1)
    expect(valueOf(assessment, 'sensor_addresses')).toBe(12)
    expect(valueOf(assessment, 'a_addresses')).toBe(4)
    expect(sensorsEvidence(assessment)).toMatchObject([
      { id: 'sensor-addresses', weight: 1.28, restsOn: ['sensor:corp-dns'] },
    ])
  })

  test('is what it was without sensors, but for their features and their evidence', async () => {
    const without = await rounds(3, moving, { ...parts, sensors: undefined } as unknown as RoundParts)
    await house.reset()
    stand = new RoundStand()
    parts = { ...parts, ...stand.parts, enrichment: parts.enrichment, sensors: new LiveSensors(house.redis) }
    expect(await rounds(3, moving)).toEqual(without)
    await new LiveSensors(house.redis).note('corp-dns', new Map([[NAME, sensedLines(12)]]))
    stand = new RoundStand()
    parts = { ...parts, ...stand.parts, enrichment: parts.enrichment, sensors: new LiveSensors(house.redis) }
    const given = await rounds(3, moving)
    const ours = ({ evidence, features }: Assessment) => ({
      evidence: evidence.filter(({ restsOn }) => restsOn === undefined),
      features: features.filter(({ id }) => !id.startsWith('sensor')),
    })
    expect(ours(given)).toEqual(ours(without))
    const logOdds = ({ score }: Assessment): number => Math.log(score / (1 - score))
    expect(logOdds(given)).toBeGreaterThan(logOdds(without))
    expect(logOdds(given) - logOdds(without)).toBeLessThanOrEqual(DEFAULT_POLICY.sensorCapNats)
  })

  test('of a name that stands still is not moved by them, whatever they saw', async () => {
    const still = () => ['20.1.0.1']
    const without = await rounds(20, still)
    for (const sensor of ['a', 'b', 'c']) {
      await new LiveSensors(house.redis).note(sensor, new Map([[NAME, sensedLines(200)]]))
    }
    stand = new RoundStand()
    parts = { ...parts, ...stand.parts, enrichment: parts.enrichment, sensors: new LiveSensors(house.redis) }
    const given = await rounds(20, still)
    expect(valueOf(given, 'sensor_unseen_asns')).toBe(200)
    expect(sensorsEvidence(given)).toEqual([])
    expect([given.verdict, given.score]).toEqual([without.verdict, without.score])
  })
})
