// One network while it is kept: its id, its numbers and how it grew. Who belongs to it is the graph's business.
import type { NetworkSummary } from '../model/network.ts'
import { stableHash } from '../series/stable-hash.ts'
import { UNCAPPED, type ClusterShape } from './pool-overlap.ts'

const DAY_MS = 24 * 3600 * 1000
/** Days of growth that are kept. */
const GROWTH_DAYS = 90

/** The same founder at the same time makes the same id, so that a replay does. `taken`: ids that somebody else has. */
export function networkId(founder: string, formedAt: number, taken: (id: string) => boolean): string {
  for (let attempt = 0; ; attempt++) {
    const text = `${founder} ${formedAt}${attempt === 0 ? '' : ` ${attempt}`}`
    const id = `net_${hex(stableHash(text))}${hex(stableHash(`${text} network`))}`
    if (!taken(id)) return id
  }
}

function hex(number: number): string {
  return number.toString(16).padStart(8, '0')
}

/** What a network is to the graph; members are numbers. */
export class KeptNetwork {
  readonly id: string
  readonly formedAt: number
  readonly splitFrom: string | null
  changedAt: number
  version = 0
  endedAt: number | null = null
  mergedInto: string | null = null
  /** Members that stand alone: they make the network. */
  readonly members = new Set<number>()
  /** Flagged names that fit it and do not stand alone. */
  readonly guests = new Set<number>()
  /** Distinct agents of its members now, and ever. */
  agents = 0
  agentsEver = 0
  growth: { day: number; newAgents: number; newDomains: number }[] = []
  /** As of the last grouping; a member that joined since is added. */
  shape: ClusterShape = { volume: 0, squares: 0, meetings: 0, cap: UNCAPPED }

  constructor(id: string, formedAt: number, splitFrom: string | null = null) {
    this.id = id
    this.formedAt = formedAt
    this.changedAt = formedAt
    this.splitFrom = splitFrom
  }

  static of(summary: NetworkSummary): KeptNetwork {
    const network = new KeptNetwork(summary.id, summary.formedAt, summary.splitFrom)
    network.changedAt = summary.changedAt
    network.version = summary.version
    network.endedAt = summary.endedAt
    network.mergedInto = summary.mergedInto
    network.agentsEver = summary.agentsEver
    network.growth = summary.growth.map((day) => ({ ...day }))
    return network
  }

  grow(now: number, newAgents: number, newDomains: number): void {
    if (newAgents === 0 && newDomains === 0) return
    const day = Math.floor(now / DAY_MS) * DAY_MS
    this.agentsEver += newAgents
    let today = this.growth.find((one) => one.day === day)
    if (today === undefined) {
      today = { day, newAgents: 0, newDomains: 0 }
      this.growth.push(today)
      this.growth.sort((a, b) => a.day - b.day)
      this.growth = this.growth.slice(-GROWTH_DAYS)
    }
    today.newAgents += newAgents
    today.newDomains += newDomains
  }

  summary(): NetworkSummary {
    return {
      id: this.id,
      formedAt: this.formedAt,
      changedAt: this.changedAt,
      version: this.version,
      endedAt: this.endedAt,
      mergedInto: this.mergedInto,
      splitFrom: this.splitFrom,
      domains: this.members.size + this.guests.size,
      agents: this.agents,
      agentsEver: this.agentsEver,
      growth: this.growth.map((day) => ({ ...day })),
    }
  }
}
