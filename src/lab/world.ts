// The whole simulated name space: all zones, who delegates to whom, and what an all-knowing resolver would learn of a
// question. No sockets and no clock: time is an argument. Same seed, same world, on any machine.
import type { Question, ResourceRecord } from '../core/dns/record.ts'
import { createAddressPlan } from './address-plan.ts'
import type { AddressPlan } from './address-plan.ts'
import { createDice } from './random.ts'
import { buildRegistry, DELEGATION_TTL_SECONDS } from './registry.ts'
import { buildDnsHosting } from './zones/dns-hosting.ts'
import { negativeSoa } from './zones/zone-frame.ts'
import { ZONE_CLASSES } from './zones/catalogue.ts'
import type { AuthorityZone, LabRcode, LabZone, Moment, ZoneContext } from './zones/zone.ts'

export interface LabReply {
  readonly rcode: LabRcode
  /** The CNAME chain and what stands at its end. */
  readonly answer: readonly ResourceRecord[]
  /** The NS set of the zone that answered last; its SOA when there is no such name or type. */
  readonly authority: readonly ResourceRecord[]
  /** The addresses of those name servers as they are now. */
  readonly additional: readonly ResourceRecord[]
}

/** One zone cut as the parent tells it. */
export interface LabDelegation {
  /** The zone below the cut; `''` for the root itself. */
  readonly zone: string
  /** Null for the root. */
  readonly parent: string | null
  readonly ttlSeconds: number
  readonly nameServers: readonly { readonly name: string; readonly addresses: readonly string[] }[]
}

export interface World {
  readonly startAt: number
  readonly addressPlan: AddressPlan
  /** The zones to watch: one or more of every class. */
  readonly zones: readonly LabZone[]
  /** Zones that have to be there besides: DNS hosting, CDN providers, TLDs and the root. */
  readonly infrastructure: readonly AuthorityZone[]
  resolve(question: Question, moment: Moment): LabReply
  /** The deepest zone that exists above or at the name; at least the root. */
  zoneOf(name: string): AuthorityZone
  /** Every zone cut with the name servers' addresses at a time. */
  delegations(at: number): readonly LabDelegation[]
}

const MAX_ALIASES = 8

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
  const infrastructure = [
    ...dnsHosting.zones,
    ...sets.flatMap((set) => set.infrastructure ?? []),
    ...registry.tlds,
    registry.root,
  ]
  const served = [...zones.filter((zone) => zone.delegated), ...infrastructure]
  const byApex = new Map(served.map((zone) => [zone.apex, zone]))

  const zoneOf = (name: string): AuthorityZone => {
    for (let rest = name; rest !== ''; rest = parentOf(rest)) {
      const zone = byApex.get(rest)
      if (zone) return zone
    }
    return registry.root
  }
  const addressRecords = (serverName: string, moment: Moment): readonly ResourceRecord[] =>
    zoneOf(serverName).answer({ name: serverName, type: 'A' }, moment).answer

  function resolve(question: Question, moment: Moment): LabReply {
    const answer: ResourceRecord[] = []
    let name = question.name
    for (let aliases = 0; aliases <= MAX_ALIASES; aliases++) {
      const zone = zoneOf(name)
      const said = zone.answer({ name, type: question.type }, moment)
      if (said.rcode === 'SERVFAIL' || said.rcode === 'TIMEOUT') return failed(said.rcode)
      answer.push(...said.answer)
      if (said.answer.length === 0) {
        return { rcode: said.rcode, answer, authority: [negativeSoa(zone, moment.at)], additional: [] }
      }
      const aliased = said.answer.find((record) => record.type === 'CNAME')
      if (!aliased || question.type === 'CNAME') {
        return { rcode: 'NOERROR', answer, ...nameServersOf(zone, question, moment) }
      }
      name = aliased.data
    }
    return failed('SERVFAIL')
  }

  /** An NS question has the set in its answer already; the addresses are given either way. */
  function nameServersOf(
    zone: AuthorityZone,
    question: Question,
    moment: Moment,
  ): Pick<LabReply, 'authority' | 'additional'> {
    const set = zone.answer({ name: zone.apex, type: 'NS' }, moment).answer
    return {
      authority: question.type === 'NS' ? [] : set,
      additional: set.flatMap((record) => addressRecords(record.data, moment)),
    }
  }

  return {
    startAt: options.startAt,
    addressPlan,
    zones,
    infrastructure,
    resolve,
    zoneOf,
    delegations: (at) =>
      served.map((zone) => ({
        zone: zone.apex,
        parent: zone.apex === '' ? null : zoneOf(parentOf(zone.apex)).apex,
        ttlSeconds: DELEGATION_TTL_SECONDS,
        nameServers: zone.nameServers.map((server) => ({
          name: server.name,
          addresses: server.addressesAt(at),
        })),
      })),
  }
}

function failed(rcode: 'SERVFAIL' | 'TIMEOUT'): LabReply {
  return { rcode, answer: [], authority: [], additional: [] }
}

function parentOf(name: string): string {
  const dot = name.indexOf('.')
  return dot < 0 ? '' : name.slice(dot + 1)
}
