// A world to fill a history with: still sites of hosters, sites behind content networks, parked names, and names of botnets, as three
// vantages see them over weeks. Deterministic: the same options give the same rounds. What is done with them is the caller's.
import type { Enrichment } from '../../src/core/model/address-facts.ts'
import {
  storedObservations,
  type Observation,
  type StoredObservation,
} from '../../src/core/model/observation.ts'
import type { Target } from '../../src/core/model/target.ts'
import { AddressBook, facts } from './address-book.ts'
import { Chance } from './chance.ts'

export interface WorldOptions {
  readonly names: number
  readonly days: number
  readonly seed?: number
}

export const WORLD_START = Date.UTC(2026, 0, 1)
export const WORLD_VANTAGES = ['quad9', 'google', 'opendns'] as const
const HOUR_MS = 3_600_000
/** Observations that a name has in the mean in 60 days; measured. */
export const ROWS_A_NAME = 365

export type NameClass = 'still' | 'cdn' | 'parked' | 'flux'

/** Share of the names, hours between two rounds, and for how many days a name is watched. */
const CLASSES: readonly [
  NameClass,
  share: number,
  everyHours: number,
  leastDays: number,
  mostDays: number,
][] = [
  ['still', 0.68, 24, 10, 60],
  ['cdn', 0.2, 12, 10, 60],
  ['parked', 0.07, 48, 10, 60],
  ['flux', 0.05, 2, 5, 30],
]
/** A zone is looked at so much less often than its host. */
const ZONE_EVERY = 4

export interface WorldName {
  readonly name: string
  readonly kind: NameClass
  readonly index: number
  readonly everyHours: number
  /** Hours since the start: in between it is watched. */
  readonly from: number
  readonly to: number
}

/** What a name's rounds need to know of the rounds before. */
interface Progress {
  host: number
  zone: number
}

export class World {
  readonly names: readonly WorldName[]
  readonly days: number
  readonly #chance: Chance
  readonly #book: AddressBook

  constructor({ names, days, seed = 1 }: WorldOptions) {
    this.days = days
    this.#chance = new Chance(seed)
    this.#book = new AddressBook(this.#chance)
    this.names = Array.from({ length: names }, (_, index) => this.#nameOf(index))
  }

  #nameOf(index: number): WorldName {
    let place = this.#chance.ratio()
    const [kind, , everyHours, least, most] = CLASSES.find(([, share]) => (place -= share) < 0) ?? CLASSES[0]!
    const hours = this.days * 24
    const watched = Math.min(hours, (least + this.#chance.below(most - least + 1)) * 24)
    const from = this.#chance.below(hours - watched + 1)
    return { name: `www.${kind}${index}.example`, kind, index, everyHours, from, to: from + watched }
  }

  /** All rounds, hour by hour; within an hour in the order of the names. */
  *rounds(): Generator<StoredObservation[]> {
    const progress = this.names.map((): Progress => ({ host: 0, zone: 0 }))
    for (let hour = 0; hour < this.days * 24; hour += 1) {
      for (const [place, name] of this.names.entries()) {
        if (hour < name.from || hour >= name.to) continue
        const since = hour - name.from
        if (since % name.everyHours !== 0) continue
        const at = WORLD_START + hour * HOUR_MS + this.#chance.below(HOUR_MS - 20_000)
        const done = progress[place]!
        yield this.#hostRound(name, hour, at, (done.host += 1))
        if (since % (name.everyHours * ZONE_EVERY) === 0) {
          yield this.#zoneRound(name, hour, at + 5_000, (done.zone += 1))
        }
      }
    }
  }

  #hostRound(name: WorldName, hour: number, startedAt: number, number: number): StoredObservation[] {
    const observations = WORLD_VANTAGES.flatMap((vantage, place) => {
      const seen = this.#book.seenOf(name, hour, place)
      return (['A', 'AAAA'] as const).map((qtype): Observation => {
        const addresses = qtype === 'A' ? seen.ipv4 : seen.ipv6
        const alias =
          seen.alias === null ? [] : [{ name: name.name, type: 'CNAME', ttlSeconds: 300, data: seen.alias }]
        const owner = seen.alias ?? name.name
        const answer = [
          ...alias,
          ...addresses.map((data) => ({
            name: owner,
            type: qtype,
            ttlSeconds: this.#remaining(seen.ttlSeconds),
            data,
          })),
        ]
        return this.#observed(vantage, name.name, qtype, startedAt, answer, addresses.length > 0)
      })
    })
    return stored({ kind: 'host', name: name.name }, number, startedAt, observations)
  }

  #zoneRound(name: WorldName, hour: number, startedAt: number, number: number): StoredObservation[] {
    const zone = name.name.slice('www.'.length)
    const servers = this.#book.nameServersOf(name, hour)
    const observations = WORLD_VANTAGES.flatMap((vantage) => {
      const ns = servers.map(({ host }) => ({ name: zone, type: 'NS', ttlSeconds: 86_400, data: host }))
      const glue = servers.map(({ host, address }) => ({
        name: host,
        type: 'A',
        ttlSeconds: 3600,
        data: address,
      }))
      const soa = {
        name: zone,
        type: 'SOA',
        ttlSeconds: 3600,
        data: `ns1.${zone} admin.${zone} ${number} 7200 900 1209600 300`,
      }
      return [
        { ...this.#observed(vantage, zone, 'NS', startedAt, ns, true), additional: glue },
        this.#observed(vantage, zone, 'SOA', startedAt, [soa], true),
      ]
    })
    return stored({ kind: 'zone', name: zone }, number, startedAt, observations)
  }

  #observed(
    vantage: string,
    qname: string,
    qtype: Observation['qtype'],
    startedAt: number,
    answer: Observation['answer'],
    isAnswer: boolean,
  ): Observation {
    const rttMs = 4 + this.#chance.below(80_000) / 1000
    const at = startedAt + Math.round(rttMs) + this.#chance.below(100)
    const said = { at, vantage, qname, qtype, rttMs, answer, authority: [], additional: [] }
    // One in a hundred gets no reply.
    if (this.#chance.below(100) === 0)
      return { ...said, answer: [], outcome: 'failed', failure: 'timeout', rcode: 'TIMEOUT' }
    if (!isAnswer) return { ...said, outcome: 'nodata', rcode: 'NOERROR' }
    return {
      ...said,
      outcome: 'answer',
      rcode: 'NOERROR',
      freshness: this.#chance.below(3) > 0 ? 'fresh' : 'cached',
    }
  }

  #remaining(ttlSeconds: number): number {
    return 1 + this.#chance.below(ttlSeconds)
  }
}

function stored(
  target: Target,
  number: number,
  startedAt: number,
  observations: readonly Observation[],
): StoredObservation[] {
  return storedObservations({ target, number, startedAt, observations })
}

/** Where the world's addresses are. */
export const WORLD_ENRICHMENT: Enrichment = { hasAsn: true, hasCountry: true, factsOf: facts }
