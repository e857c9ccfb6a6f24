// Watches zones of a world in virtual time, without caches: what could be seen at most. Sums up what the tests of the
// classes state numbers about.
import type { QuestionType } from '../../src/core/dns/record.ts'
import { LAB_REGIONS } from '../../src/lab/regions.ts'
import type { LabRegion } from '../../src/lab/regions.ts'
import type { World } from '../../src/lab/world.ts'
import type { LabClass, LabZone } from '../../src/lab/zones/zone.ts'

export const START = Date.UTC(2026, 0, 5, 12)
export const HOUR_MS = 3_600_000

export interface Sight {
  readonly addresses: ReadonlySet<string>
  readonly asns: ReadonlySet<number>
  readonly countries: ReadonlySet<string>
  /** How many addresses single answers had. */
  readonly widths: ReadonlySet<number>
  readonly ttls: ReadonlySet<number>
}

/** What questions of one type for a name bring between two times, every `everySeconds`, from the regions given. */
export function watch(
  world: World,
  name: string,
  span: {
    readonly hours: number
    readonly fromHour?: number
    readonly everySeconds?: number
    readonly regions?: readonly LabRegion[]
    readonly type?: QuestionType
  },
): Sight {
  const type = span.type ?? 'A'
  const addresses = new Set<string>()
  const widths = new Set<number>()
  const ttls = new Set<number>()
  const from = world.startAt + (span.fromHour ?? 0) * HOUR_MS
  for (let at = from; at < from + span.hours * HOUR_MS; at += (span.everySeconds ?? 60) * 1000) {
    for (const region of span.regions ?? LAB_REGIONS) {
      const records = world
        .resolve({ name, type }, { at, region })
        .answer.filter((record) => record.type === type)
      widths.add(records.length)
      for (const record of records) {
        addresses.add(record.data)
        ttls.add(record.ttlSeconds)
      }
    }
  }
  const facts = type === 'NS' ? [] : [...addresses].map((address) => world.addressPlan.factsOf(address))
  return {
    addresses,
    asns: new Set(facts.map((fact) => fact.asn!)),
    countries: new Set(facts.map((fact) => fact.country!)),
    widths,
    ttls,
  }
}

/** The addresses of all name servers of a zone, as the zone tells them. */
export function watchNameServers(world: World, zone: LabZone, hours: number): Sight[] {
  return zone.nameServers.map((server) => watch(world, server.name, { hours, regions: ['eu'] }))
}

export function zonesOf(world: World, labClass: LabClass): LabZone[] {
  const zones = world.zones.filter((zone) => zone.class === labClass)
  if (zones.length === 0) throw new Error(`no zone of class ${labClass}`)
  return zones
}

export function onlyZoneOf(world: World, labClass: LabClass): LabZone {
  return zonesOf(world, labClass)[0]!
}

export function unionOf<T>(sets: readonly ReadonlySet<T>[]): Set<T> {
  return new Set(sets.flatMap((set) => [...set]))
}
