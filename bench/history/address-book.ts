// Who serves the names of the bench's world at what time, and where the addresses are: hosters, content networks, parking, botnets
// with agents that come and go. The addresses are made up and nobody asks them.
import type { AddressFacts } from '../../src/core/model/address-facts.ts'
import type { Chance } from './chance.ts'
import type { WorldName } from './world.ts'

export interface Seen {
  readonly ipv4: readonly string[]
  readonly ipv6: readonly string[]
  readonly alias: string | null
  readonly ttlSeconds: number
}

export interface NameServer {
  readonly host: string
  readonly address: string
}

const HOSTERS = 300
const HOSTER_SERVERS = 24
const CONTENT_NETWORKS = 5
const EDGES_A_REGION = 8
const PARKING_LOTS = 20
export const BOTNETS = 20
const AGENTS = 2_000
/** Of them at a time; a day brings so many others. */
const ACTIVE = 400
const COME_A_DAY = 40
const AGENT_ASNS = 300
const COUNTRIES =
  'US DE NL FR GB RU UA BR IN VN TR PL RO IT ES CN TW JP KR ID TH MX AR ZA EG NG IR KZ BG HU'.split(' ')

/** First octets of each kind of network. */
const FIRST = { hosters: 20, content: 23, parking: 40, agents: 64 }

export class AddressBook {
  readonly #chance: Chance
  readonly #hosters = new Map<number, { hoster: number; server: number }>()

  constructor(chance: Chance) {
    this.#chance = chance
  }

  /** What a vantage sees of a name in that hour. */
  seenOf(name: WorldName, hour: number, region: number): Seen {
    if (name.kind === 'flux') return this.#agentsOf(name, hour)
    if (name.kind === 'cdn') return contentOf(name, hour, region)
    if (name.kind === 'parked') {
      const lot = name.index % PARKING_LOTS
      return { ipv4: [`${FIRST.parking}.0.0.${lot + 1}`], ipv6: [], alias: null, ttlSeconds: 600 }
    }
    const { hoster, server } = this.#hosterOf(name)
    // Every 30 days it moves to another server of its hoster.
    const moved = (server + Math.floor(hour / 720)) % HOSTER_SERVERS
    const ipv6 =
      name.index % 5 < 2 ? [`2001:db8:${(hoster + 1).toString(16)}::${(moved + 1).toString(16)}`] : []
    return { ipv4: [hosted(hoster, moved)], ipv6, alias: null, ttlSeconds: 3600 }
  }

  nameServersOf(name: WorldName, hour: number): readonly NameServer[] {
    if (name.kind === 'flux') {
      const zone = name.name.slice('www.'.length)
      return [1, 2].map((number) => ({
        host: `ns${number}.${zone}`,
        address: this.#agent(botnetOf(name), hour),
      }))
    }
    const hoster = name.kind === 'parked' ? HOSTERS + (name.index % 3) : this.#hosterOf(name).hoster
    return [0, 1].map((number) => ({
      host: `ns${number + 1}.hoster${hoster}.example`,
      address: hosted(hoster, HOSTER_SERVERS + number),
    }))
  }

  #hosterOf({ index }: WorldName): { hoster: number; server: number } {
    let found = this.#hosters.get(index)
    if (!found) {
      found = { hoster: this.#chance.popular(HOSTERS), server: this.#chance.below(HOSTER_SERVERS) }
      this.#hosters.set(index, found)
    }
    return found
  }

  #agentsOf(name: WorldName, hour: number): Seen {
    const ipv4 = Array.from({ length: 5 }, () => this.#agent(botnetOf(name), hour))
    return { ipv4: [...new Set(ipv4)], ipv6: [], alias: null, ttlSeconds: 300 }
  }

  #agent(botnet: number, hour: number): string {
    const oldest = Math.floor(hour / 24) * COME_A_DAY
    return agentAddress(botnet, (oldest + this.#chance.below(ACTIVE)) % AGENTS)
  }
}

/** Members of the same botnet share their agents. */
export function botnetOf({ index }: Pick<WorldName, 'index'>): number {
  return index % BOTNETS
}

function hosted(hoster: number, server: number): string {
  return `${FIRST.hosters}.${hoster >> 4}.${(hoster & 15) << 4}.${server + 1}`
}

function contentOf({ index }: WorldName, hour: number, region: number): Seen {
  const network = index % CONTENT_NETWORKS
  const first = (index * 7 + (hour % EDGES_A_REGION)) % EDGES_A_REGION
  const ipv4 = [0, 1, 2].map((step) => {
    const edge = (first + step * 3) % EDGES_A_REGION
    return `${FIRST.content}.${network * 16 + region}.${(index >> 2) & 255}.${(index & 3) * 64 + edge}`
  })
  return { ipv4, ipv6: [], alias: `c${index}.cdn${network}.example`, ttlSeconds: 60 }
}

function agentAddress(botnet: number, agent: number): string {
  const mixed = Math.imul(botnet * AGENTS + agent + 1, 0x9e3779b1) >>> 0
  return `${FIRST.agents + (mixed >>> 26)}.${(mixed >>> 18) & 255}.${(mixed >>> 10) & 255}.${mixed & 255}`
}

/** As databases would tell. */
export function facts(address: string): AddressFacts {
  const [first = 0, second = 0, third = 0] = address.split('.').map(Number)
  if (address.includes(':')) return { asn: 60_000, organisation: 'Hosters over IPv6', country: 'DE' }
  if (first === FIRST.content) return placed(13_000 + (second >> 4), 'US')
  if (first === FIRST.parking) return placed(40_000, 'VG')
  if (first === FIRST.hosters) {
    const hoster = (second << 4) | (third >> 4)
    return placed(24_000 + hoster, COUNTRIES[hoster % 6]!)
  }
  const block = ((first << 8) | second) % AGENT_ASNS
  return placed(50_000 + block, COUNTRIES[block % COUNTRIES.length]!)
}

function placed(asn: number, country: string): AddressFacts {
  return { asn, organisation: `Network ${asn}`, country }
}
