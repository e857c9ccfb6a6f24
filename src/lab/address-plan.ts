// Looks up what the map says of an address, and makes addresses inside of it. The map itself is autonomous-systems.ts.
import ipaddr from 'ipaddr.js'
import type { AddressFacts } from '../core/model/address-facts.ts'
import { AUTONOMOUS_SYSTEMS } from './autonomous-systems.ts'
import type { AutonomousSystem, LabNetwork, NetworkKind } from './autonomous-systems.ts'
import type { Dice, Label } from './random.ts'
import type { LabRegion } from './regions.ts'

export interface AddressPlan {
  readonly systems: readonly AutonomousSystem[]
  /** Every network of every system, none inside another: what the MMDB files hold. */
  readonly networks: readonly LabNetwork[]
  systemsOf(kind: NetworkKind): readonly AutonomousSystem[]
  /** Null when no network of the plan covers the address. Throws on text that is no address. */
  networkOf(address: string): LabNetwork | null
  /** As an enrichment database would answer; all null for an address outside of the plan. */
  factsOf(address: string): AddressFacts
}

export function createAddressPlan(): AddressPlan {
  const networks = AUTONOMOUS_SYSTEMS.flatMap((system) => system.networks)
  // Every prefix is at least a /16 (v6: exactly a /32) or lies inside one /16 of its own, so two octets, or two groups, find it.
  const byStart = new Map<string, LabNetwork[]>()
  for (const network of networks) {
    const key = lookupKey(network.prefix.slice(0, network.prefix.indexOf('/')))
    byStart.set(key, [...(byStart.get(key) ?? []), network])
  }
  const networkOf = (address: string): LabNetwork | null => {
    const parsed = ipaddr.parse(address)
    const candidates = byStart.get(lookupKey(address)) ?? []
    return candidates.find((network) => parsed.match(ipaddr.parseCIDR(network.prefix))) ?? null
  }
  return {
    systems: AUTONOMOUS_SYSTEMS,
    networks,
    systemsOf: (kind) => AUTONOMOUS_SYSTEMS.filter((system) => system.kind === kind),
    networkOf,
    factsOf(address) {
      const network = networkOf(address)
      return {
        asn: network?.asn ?? null,
        organisation: network?.organisation ?? null,
        country: network?.country ?? null,
      }
    },
  }
}

/** Where in a system to make an address; without a region anywhere. */
export interface Whereabouts {
  readonly family?: 4 | 6
  readonly region?: LabRegion
}

/** The address that the labels decide in one of the system's networks. Throws when it has none there. */
export function addressIn(
  system: AutonomousSystem,
  where: Whereabouts,
  dice: Dice,
  ...labels: readonly Label[]
): string {
  const family = where.family ?? 4
  const networks = system.networks.filter(
    (network) => network.family === family && (!where.region || network.region === where.region),
  )
  const network = networks[dice.below(networks.length, 'network', system.asn, ...labels)]
  if (!network) throw new Error(`${system.organisation} has no IPv${family} network there`)
  return hostOf(network, (bits) => dice.below(2 ** bits, 'host', system.asn, bits, ...labels))
}

/** `count` different addresses, each as `addressIn` makes them. */
export function addressesIn(
  system: AutonomousSystem,
  count: number,
  where: Whereabouts,
  dice: Dice,
  ...labels: readonly Label[]
): string[] {
  const addresses = new Set<string>()
  for (let index = 0; addresses.size < count; index++) {
    addresses.add(addressIn(system, where, dice, ...labels, index))
  }
  return [...addresses]
}

function hostOf(network: LabNetwork, draw: (bits: number) => number): string {
  const [base, length] = ipaddr.parseCIDR(network.prefix)
  if (network.family === 6) {
    // A /48 of the /32 and a small interface id, as servers and home networks have.
    const site = 1 + (draw(16) % 0xfffe)
    return `${network.prefix.slice(0, network.prefix.indexOf('::'))}:${site.toString(16)}::${(1 + (draw(12) % 0xffe)).toString(16)}`
  }
  const [a, b, c, d] = base.toByteArray() as [number, number, number, number]
  const offset = draw(32 - length)
  // Never .0 or .255: real hosts seldom sit there, and some software refuses them.
  const last = 1 + ((d + (offset & 0xff)) % 254)
  return `${a}.${b + (offset >>> 16)}.${(c + ((offset >>> 8) & 0xff)) & 0xff}.${last}`
}

function lookupKey(address: string): string {
  return ipaddr
    .parse(address)
    .toByteArray()
    .slice(0, address.includes(':') ? 4 : 2)
    .join('.')
}
