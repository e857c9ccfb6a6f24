// Every class of the simulated Internet, watched for two virtual hours through three regional caches, with three seeds.
import { describe, expect, it } from 'vitest'
import { enrichmentOf, KNOWLEDGE } from '../../../src/lab/watch/watch-enrichment.ts'
import { createWorld } from '../../../src/lab/world.ts'
import { START } from '../series/scripted-rounds.ts'
import { watchZone } from './virtual-watch.ts'

const TWO_HOURS = 7200
const FLUX_CLASSES = new Set([
  'classic-single-flux',
  'one-address-ttl0-flux',
  'ns-flux',
  'double-flux',
  'slow-flux',
  'regional-flux',
])

// A late reply shifts the expiry that is read from it: a cached copy must not look fresh for that.
const delayOf = (n: number): number => (n * 2_654_435_761) % 8000

describe.each([1, 2, 3])('two hours in the world of seed %i', (seed) => {
  const world = createWorld({ seed, startAt: START })

  it.each(world.zones.map((zone) => [zone.class, zone.host, zone] as const))(
    'judge %s (%s) as the world says',
    (_class, _host, zone) => {
      const { last } = watchZone(world, zone, enrichmentOf(world.addressPlan), TWO_HOURS)
      expect(zone.expect.verdict).toContain(last.verdict)
      if (zone.expect.fluxType !== null) expect(last.fluxType).toBe(zone.expect.fluxType)
    },
  )

  it('never call flux what does not flux, at no moment, whatever is known of the networks', () => {
    for (const knowledge of KNOWLEDGE) {
      const enrichment = enrichmentOf(world.addressPlan, knowledge)
      for (const zone of world.zones.filter((one) => !FLUX_CLASSES.has(one.class))) {
        expect(watchZone(world, zone, enrichment, TWO_HOURS).path, zone.host).not.toContain('flux')
      }
    }
  })

  it('judge all the same through resolvers that take up to eight seconds to reply', () => {
    for (const zone of world.zones) {
      const { last, path } = watchZone(world, zone, enrichmentOf(world.addressPlan), TWO_HOURS, delayOf)
      expect(zone.expect.verdict, zone.host).toContain(last.verdict)
      if (!FLUX_CLASSES.has(zone.class)) expect(path, zone.host).not.toContain('flux')
    }
  })

  it('find the same flux without the names of the AS owners', () => {
    for (const zone of world.zones.filter((one) => one.expect.fluxType !== null)) {
      const { last } = watchZone(world, zone, enrichmentOf(world.addressPlan, 'no-names'), TWO_HOURS)
      expect([zone.host, last.verdict, last.fluxType]).toEqual([zone.host, 'flux', zone.expect.fluxType])
    }
  })

  it('find it within the time that the world allows', () => {
    for (const zone of world.zones.filter((one) => one.expect.fluxType !== null)) {
      const { firstAt } = watchZone(world, zone, enrichmentOf(world.addressPlan), TWO_HOURS)
      expect(firstAt.flux, zone.host).toBeLessThanOrEqual(zone.decidableAfterSeconds!)
    }
  })
})
