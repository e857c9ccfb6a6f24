// What a sensor's observations say of the addresses of each name: when each was seen first and last. Decides which observations and
// which addresses count; how long and where that is kept is the store's business.
import type { StoredObservation } from '../model/observation.ts'
import { parseAddress } from '../net/address.ts'
import { specialPurpose } from '../net/special-purpose.ts'

/** ms since the epoch. */
export interface SeenBetween {
  readonly first: number
  readonly last: number
}

/** Name that was asked for → canonical address → when. */
export type Sightings = ReadonlyMap<string, ReadonlyMap<string, SeenBetween>>

/** Gathers until it is taken; the order of the observations does not matter, nor whether one comes twice. */
export class GatheredSightings {
  #byName = new Map<string, Map<string, SeenBetween>>()
  #pairs = 0

  /** Pairs of name and address that are held. */
  get size(): number {
    return this.#pairs
  }

  /**
   * Takes in an observation, unless it was last made before `since` (ms). Without special-purpose addresses: what a resolver says of
   * its own house, or puts in the place of a name that it blocks, is no address of the name.
   */
  add(
    { qname, at, told, answer }: Pick<StoredObservation, 'qname' | 'at' | 'told' | 'answer'>,
    since: number,
  ): void {
    if (at < since) return
    const first = told?.firstSeen ?? at
    for (const { type, data } of answer) {
      if (type !== 'A' && type !== 'AAAA') continue
      const held = this.#byName.get(qname)
      const known = held?.get(data)
      if (known === undefined && !isPublic(data)) continue
      const addresses = held ?? new Map<string, SeenBetween>()
      if (held === undefined) this.#byName.set(qname, addresses)
      if (known === undefined) this.#pairs += 1
      addresses.set(
        data,
        known === undefined
          ? { first, last: at }
          : { first: Math.min(known.first, first), last: Math.max(known.last, at) },
      )
    }
  }

  /** All that was gathered; nothing is held afterwards. */
  take(): Sightings {
    const taken = this.#byName
    this.#byName = new Map()
    this.#pairs = 0
    return taken
  }
}

function isPublic(address: string): boolean {
  const parsed = parseAddress(address)
  return parsed !== null && specialPurpose(parsed) === null
}
