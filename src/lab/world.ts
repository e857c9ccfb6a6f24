// The simulated Internet of the demo and the tests: all zones of all classes in one name space, drawn with one seed. Same
// seed, same world, on any machine. How zones are put together is name-space.ts.
import { createAddressPlan } from './address-plan.ts'
import type { AddressPlan } from './address-plan.ts'
import { assembleNameSpace } from './name-space.ts'
import type { NameSpace } from './name-space.ts'
import { createDice } from './random.ts'
import { buildRegistry } from './registry.ts'
import { buildDnsHosting } from './zones/dns-hosting.ts'
import { ZONE_CLASSES } from './zones/catalogue.ts'
import type { AuthorityZone, LabZone, ZoneContext } from './zones/zone.ts'

export interface World extends NameSpace {
  readonly startAt: number
  readonly addressPlan: AddressPlan
  /** The zones to watch: one or more of every class. */
  readonly zones: readonly LabZone[]
  /** Zones that have to be there besides: DNS hosting, CDN providers, TLDs and the root. */
  readonly infrastructure: readonly AuthorityZone[]
}

/** `seed` decides every draw; `startAt` (ms since the epoch) when the scripted events count from. */
export function createWorld(options: { readonly seed: number | string; readonly startAt: number }): World {
  const dice = createDice(options.seed)
  const addressPlan = createAddressPlan()
  const registry = buildRegistry(dice, addressPlan)
  const dnsHosting = buildDnsHosting(dice, addressPlan)
  const context: ZoneContext = {
    dice,
    startAt: options.startAt,
    plan: addressPlan,
    dnsHosts: dnsHosting.servers,
    retiredServers: dnsHosting.retired,
  }
  const sets = ZONE_CLASSES.map((build) => build(context))
  const zones = sets.flatMap((set) => set.watched)
  const providers = [...dnsHosting.zones, ...sets.flatMap((set) => set.infrastructure ?? [])]
  return {
    ...assembleNameSpace([...zones.filter((zone) => zone.delegated), ...providers], registry),
    startAt: options.startAt,
    addressPlan,
    zones,
    infrastructure: [...providers, ...registry.tlds, registry.root],
  }
}
