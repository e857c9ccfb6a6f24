// From the news of the networks to what is to be kept and told of them: complete in itself, so that it can be written down first
// and carried out by whoever comes after a crash, as often as it takes. What changed is the graph's business.
import type { NetworkChange, NetworkSummary } from '../model/network.ts'
import { zoneOf } from '../schedule/zone-of.ts'
import type { KeptMember, NetworkNews } from './network-news.ts'

/** That a name is in a network, and since when; ms. */
export interface NetworkPlace {
  readonly network: string
  readonly domain: string
  readonly joinedAt: number
}

/** A change as it is told, with the network as it is after it. */
export interface ToldChange {
  readonly change: NetworkChange
  readonly summary: NetworkSummary
}

/** Carrying it out again changes nothing. */
export interface NetworkPlan {
  readonly told: readonly ToldChange[]
  readonly members: readonly KeptMember[]
  /** Domains that are not kept any more. */
  readonly gone: readonly string[]
  readonly networks: readonly NetworkSummary[]
  /** Of networks where it changed: distinct registrable domains of its members whose verdicts stand alone. */
  readonly standing: readonly (readonly [network: string, domains: number])[]
  /** Of registrable domains where it changed: the networks in which a name of theirs stands alone, sorted. */
  readonly zones: readonly (readonly [zone: string, networks: readonly string[]])[]
  readonly placed: readonly NetworkPlace[]
  readonly left: readonly NetworkPlace[]
}

interface Held {
  readonly network: string | null
  readonly joinedAt: number | null
  readonly standsAlone: boolean
}

/** Who is in which network, as it is kept: by this a plan says what it takes away. */
export class NetworkRoll {
  readonly #held = new Map<string, Held>()
  /** Registrable domain → network → names of it that stand alone there. */
  readonly #zones = new Map<string, Map<string, number>>()
  /** Network → registrable domains that stand alone there. */
  readonly #standing = new Map<string, number>()

  /** Takes what is kept already. */
  restore(members: Iterable<KeptMember>): void {
    for (const member of members) this.#hold(member.name.domain, heldOf(member))
  }

  /** Takes the news in, and answers what follows from them. */
  plan({ changes, members, networks, gone }: NetworkNews): NetworkPlan {
    const placed: NetworkPlace[] = []
    const left: NetworkPlace[] = []
    const touchedZones = new Set<string>()
    const touchedNetworks = new Set<string>()
    const move = (domain: string, now: Held | null): void => {
      const before = this.#held.get(domain) ?? null
      const from = placeOf(domain, before)
      const to = placeOf(domain, now)
      if (from?.network !== to?.network || from?.joinedAt !== to?.joinedAt) {
        if (from) left.push(from)
        if (to) placed.push(to)
      }
      if (witnessOf(before) !== witnessOf(now)) {
        touchedZones.add(zoneOf(domain))
        for (const network of [witnessOf(before), witnessOf(now)]) if (network) touchedNetworks.add(network)
      }
      this.#hold(domain, now)
    }
    for (const member of members) move(member.name.domain, heldOf(member))
    for (const domain of gone) move(domain, null)
    const summaries = new Map(networks.map((summary) => [summary.id, summary]))
    return {
      told: changes.flatMap((change) => {
        const summary = summaries.get(change.network)
        return summary ? [{ change, summary }] : []
      }),
      members,
      gone,
      networks,
      standing: [...touchedNetworks].map((network) => [network, this.#standing.get(network) ?? 0]),
      zones: [...touchedZones].map((zone) => [zone, [...(this.#zones.get(zone)?.keys() ?? [])].toSorted()]),
      placed,
      left,
    }
  }

  #hold(domain: string, now: Held | null): void {
    const before = this.#held.get(domain) ?? null
    if (now) this.#held.set(domain, now)
    else this.#held.delete(domain)
    if (witnessOf(before) === witnessOf(now)) return
    this.#count(zoneOf(domain), witnessOf(before), -1)
    this.#count(zoneOf(domain), witnessOf(now), 1)
  }

  #count(zone: string, network: string | null, difference: 1 | -1): void {
    if (network === null) return
    const counts = this.#zones.get(zone) ?? new Map<string, number>()
    const before = counts.get(network) ?? 0
    const after = before + difference
    if (after > 0) counts.set(network, after)
    else counts.delete(network)
    if (counts.size > 0) this.#zones.set(zone, counts)
    else this.#zones.delete(zone)
    if (before > 0 === after > 0) return
    const standing = (this.#standing.get(network) ?? 0) + difference
    if (standing > 0) this.#standing.set(network, standing)
    else this.#standing.delete(network)
  }
}

function heldOf({ name, network, joinedAt }: KeptMember): Held {
  return { network, joinedAt, standsAlone: name.standsAlone }
}

function placeOf(domain: string, held: Held | null): NetworkPlace | null {
  if (held === null || held.network === null) return null
  return { network: held.network, domain, joinedAt: held.joinedAt ?? 0 }
}

/** The network in which the name speaks for others. */
function witnessOf(held: Held | null): string | null {
  return held?.standsAlone === true ? held.network : null
}

/** Whether it must be written down before it is carried out: it changes more than one place, or is to be told. */
export function isWorthLogging({ told, placed, left, zones, standing }: NetworkPlan): boolean {
  return told.length + placed.length + left.length + zones.length + standing.length > 0
}

export function isEmptyPlan(plan: NetworkPlan): boolean {
  return !isWorthLogging(plan) && plan.members.length + plan.gone.length + plan.networks.length === 0
}
