// Where benign servers stand: systems of a kind, near a region, of one owner or in one country.
import { addressIn } from '../address-plan.ts'
import type { AddressPlan } from '../address-plan.ts'
import type { AutonomousSystem, NetworkKind } from '../autonomous-systems.ts'
import type { Dice, Label } from '../random.ts'
import type { LabRegion } from '../regions.ts'

interface Wanted {
  readonly family?: 4 | 6
  readonly region?: LabRegion
}

/** A plan is asked for the same systems by thousands of members. */
const found = new WeakMap<AddressPlan, Map<string, readonly AutonomousSystem[]>>()
const grouped = new WeakMap<AddressPlan, Map<string, readonly (readonly AutonomousSystem[])[]>>()

/** Systems of the kind with a network of the family (default IPv4) in the region. May be none. */
export function systemsWith(
  plan: AddressPlan,
  kind: NetworkKind,
  wanted: Wanted = {},
): readonly AutonomousSystem[] {
  const { family = 4, region } = wanted
  return remembered(found, plan, `${kind} ${family} ${region ?? ''}`, () =>
    plan
      .systemsOf(kind)
      .filter((system) =>
        system.networks.some(
          (network) => network.family === family && (region === undefined || network.region === region),
        ),
      ),
  )
}

/** As `systemsWith`, and anywhere when the region has none. Empty only when the plan has none of the family at all. */
export function systemsNear(
  plan: AddressPlan,
  kind: NetworkKind,
  region: LabRegion,
  family: 4 | 6 = 4,
): readonly AutonomousSystem[] {
  const near = systemsWith(plan, kind, { family, region })
  return near.length > 0 ? near : systemsWith(plan, kind, { family })
}

/** Systems of the kind whose first network is in one country, for every country with at least `least` of them. */
export function systemsByCountry(
  plan: AddressPlan,
  kinds: readonly NetworkKind[],
  least: number,
): readonly (readonly AutonomousSystem[])[] {
  return remembered(grouped, plan, `country ${kinds.join()} ${least}`, () =>
    groupedWith(plan, kinds, least, (system) => system.networks[0]!.country),
  )
}

/** The systems of each owner of at least `least` of them: one owner has one name, whatever its ASNs. */
export function systemsByOwner(
  plan: AddressPlan,
  kinds: readonly NetworkKind[],
  least: number,
): readonly (readonly AutonomousSystem[])[] {
  return remembered(grouped, plan, `owner ${kinds.join()} ${least}`, () =>
    groupedWith(plan, kinds, least, (system) => system.organisation),
  )
}

/** An IPv4 or IPv6 address of the system, in the region when it has one there. */
export function addressNear(
  system: AutonomousSystem,
  wanted: { readonly region: LabRegion; readonly family?: 4 | 6 },
  dice: Dice,
  ...labels: readonly Label[]
): string {
  const { region, family = 4 } = wanted
  const isThere = system.networks.some((network) => network.family === family && network.region === region)
  return addressIn(system, isThere ? { family, region } : { family }, dice, ...labels)
}

function groupedWith(
  plan: AddressPlan,
  kinds: readonly NetworkKind[],
  least: number,
  keyOf: (system: AutonomousSystem) => string,
): readonly (readonly AutonomousSystem[])[] {
  const groups = new Map<string, AutonomousSystem[]>()
  for (const system of kinds.flatMap((kind) => systemsWith(plan, kind))) {
    const group = groups.get(keyOf(system))
    if (group) group.push(system)
    else groups.set(keyOf(system), [system])
  }
  return [...groups.values()].filter((group) => group.length >= least)
}

function remembered<T>(
  memory: WeakMap<AddressPlan, Map<string, T>>,
  plan: AddressPlan,
  key: string,
  find: () => T,
): T {
  const ofPlan = memory.get(plan) ?? new Map<string, T>()
  memory.set(plan, ofPlan)
  const known = ofPlan.get(key)
  if (known !== undefined) return known
  const value = find()
  ofPlan.set(key, value)
  return value
}
