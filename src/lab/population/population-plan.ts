// The map of the Internet that the population lives on, one for each split: some 590 autonomous systems with scattered prefixes and
// names that read like real ones. No name, no ASN and no prefix is in both. Finds what is known of an address, fast; which systems
// there are is population-systems.ts's business, what PTR names their addresses have line-names.ts's.
import type { AddressFacts } from '../../core/model/address-facts.ts'
import { ipv4Number, parseAddress, uint32At } from '../../core/net/address.ts'
import type { AddressPlan } from '../address-plan.ts'
import type { LabNetwork } from '../autonomous-systems.ts'
import { createDice } from '../random.ts'
import { lineName } from './line-names.ts'
import type { Split } from './member.ts'
import { drawSystems } from './population-systems.ts'

export interface PopulationPlan extends AddressPlan {
  /** The PTR name of an address; null when it has none. `factsOf` tells it too. */
  ptrOf(address: string): string | null
}

/** Addresses whose facts are kept ready. Beyond, they are forgotten and made again. */
const FACTS_KEPT = 200_000

const NOTHING: AddressFacts = { asn: null, organisation: null, country: null, ptr: null }

const plans = new Map<Split, PopulationPlan>()

/** Always the same plan for a split; systems of a kind come largest first. */
export function populationPlan(split: Split): PopulationPlan {
  let plan = plans.get(split)
  if (plan === undefined) plans.set(split, (plan = createPlan(split)))
  return plan
}

function createPlan(split: Split): PopulationPlan {
  const dice = createDice(`population-plan ${split}`)
  const systems = drawSystems(split, dice)
  const networks = systems.flatMap((system) => system.networks)
  const byKind = Map.groupBy(systems, (system) => system.kind)
  // No two IPv4 prefixes share a /16, no two IPv6 prefixes a /32.
  const byStart = new Map(networks.map((network) => [startOf(network.prefix), network]))
  const known = new Map<string, AddressFacts>()

  const networkOf = (address: string): LabNetwork | null => {
    const number = ipv4Number(address)
    if (number !== null) {
      const network = byStart.get(number >>> 16)
      return network !== undefined && holds(network.prefix, number) ? network : null
    }
    const parsed = parseAddress(address)
    if (parsed === null) throw new Error(`Expected an IP address, got ${address}`)
    return byStart.get(v6Start(uint32At(parsed.bytes, 0))) ?? null
  }
  const ptrOf = (address: string): string | null => {
    const network = networkOf(address)
    return network === null ? null : lineName(address, network, dice)
  }
  return {
    systems,
    networks,
    systemsOf: (kind) => byKind.get(kind) ?? [],
    networkOf,
    ptrOf,
    factsOf(address) {
      let facts = known.get(address)
      if (facts !== undefined) return facts
      const network = networkOf(address)
      facts =
        network === null
          ? NOTHING
          : {
              asn: network.asn,
              organisation: network.organisation,
              country: network.country,
              ptr: lineName(address, network, dice),
            }
      if (known.size >= FACTS_KEPT) known.clear()
      known.set(address, facts)
      return facts
    },
  }
}

/** The /16 of an IPv4 prefix as a number; of an IPv6 prefix its /32, below zero. */
function startOf(prefix: string): number {
  const base = parseAddress(prefix.slice(0, prefix.indexOf('/')))!
  const start = uint32At(base.bytes, 0)
  return base.family === 4 ? start >>> 16 : v6Start(start)
}

function v6Start(number: number): number {
  return -1 - number
}

function holds(prefix: string, number: number): boolean {
  const slash = prefix.indexOf('/')
  const shift = 32 - Number(prefix.slice(slash + 1))
  return number >>> shift === ipv4Number(prefix.slice(0, slash))! >>> shift
}
