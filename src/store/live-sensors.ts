// Where sensors saw names lead, in Redis: one hash a name, bounded in addresses and time. What it means is core's business. Only
// single-key commands and single-slot scripts, each in the name's partition.
//
// How often an address was seen is not kept here: a log that is imported again would count twice. History has it.
import type { SeenBetween, Sightings } from '../core/import/sightings.ts'
import type { SensedAddress, SensorSightings } from '../core/model/address-facts.ts'
import { targetId } from '../core/model/target.ts'
import { keys } from './keys.ts'
import { MomentMemory } from './moment-memory.ts'
import { usedMemory, type LiveRedis } from './redis.ts'
import { RETENTION_MS } from './retention.ts'
import { runScript } from './script.ts'
import { NOTE_SENSED } from './scripts/note-sensed.ts'

/** Of a name, those that were seen last. As many as a series holds. */
export const ADDRESSES_PER_NAME = 512
/**
 * A name at fewer addresses in one batch of an import is noted only when it is noted or watched already. As many as the evidence
 * asks for (core/detect/sensors.ts): with fewer it says nothing.
 */
export const WORTH_NOTING = 3
/** What is left of Redis' memory is for those who are watched. Less than intake may use (intake-gate.ts). Hand-set. */
const MEMORY_SHARE = 0.7

const READ_KEPT_MS = 60_000
/** Names that this process remembers; of almost all of them nothing is noted. */
const REMEMBERED = 50_000
const NAMES_AT_ONCE = 200

/** What became of names that were to be noted. `noRoom`: Redis' memory is too full for more. */
export interface NotedNames {
  readonly noted: number
  readonly passedOver: number
  readonly noRoom: number
}

export class LiveSensors {
  readonly #redis: LiveRedis
  readonly #isAnything = new MomentMemory<boolean>(READ_KEPT_MS, 1)
  readonly #read = new MomentMemory<SensorSightings | null>(READ_KEPT_MS, REMEMBERED)

  constructor(redis: LiveRedis) {
    this.#redis = redis
  }

  /**
   * What was noted of the name; null where nothing was. `now`: ms; what was seen last more than 30 days before it does not count.
   * As much as a minute old, so that where nothing was ever imported a process asks Redis once a minute and no more.
   */
  async of(name: string, now: number): Promise<SensorSightings | null> {
    const isAnything = this.#isAnything.get('', now)
    if (isAnything === false) return null
    if (isAnything === undefined) {
      const found = (await this.#redis.exists(keys.sensedAtAll())) === 1
      this.#isAnything.set('', found, now)
      if (!found) return null
    }
    const known = this.#read.get(name, now)
    if (known !== undefined) return known
    const since = now - RETENTION_MS
    const held = Object.entries(await this.#redis.hgetall(keys.sensed(name)))
      .map(([address, value]) => readSensed(address, value))
      .filter(({ last }) => last >= since)
      .toSorted((a, b) => (a.address < b.address ? -1 : 1))
    const sightings = held.length === 0 ? null : held
    this.#read.set(name, sightings, now)
    return sightings
  }

  /** Notes where a sensor saw names lead; what is noted already stays, and only grows. Idempotent. */
  async note(sensor: string, sightings: Sightings): Promise<NotedNames> {
    const names = [...sightings]
    let noted = 0
    for (let start = 0; start < names.length; start += NAMES_AT_ONCE) {
      const { usedBytes, maxBytes } = await usedMemory(this.#redis)
      if (maxBytes !== null && usedBytes > MEMORY_SHARE * maxBytes) {
        return { noted, passedOver: start - noted, noRoom: names.length - start }
      }
      const answers = await Promise.all(
        names
          .slice(start, start + NAMES_AT_ONCE)
          .map(([name, addresses]) =>
            runScript(
              this.#redis,
              NOTE_SENSED,
              [keys.sensed(name), keys.target(name, targetId({ kind: 'host', name }))],
              [
                sensor,
                ADDRESSES_PER_NAME,
                WORTH_NOTING,
                RETENTION_MS,
                ...latest(addresses).flatMap(([address, { first, last }]) => [address, first, last]),
              ],
            ),
          ),
      )
      const notedNow = answers.filter((answer) => answer === 1).length
      // After what it announces: while nothing is noted of any name, nobody asks for one.
      if (notedNow > 0) await this.#redis.set(keys.sensedAtAll(), '1', 'PX', RETENTION_MS)
      noted += notedNow
      for (const [name] of names.slice(start, start + NAMES_AT_ONCE)) this.#read.delete(name)
    }
    return { noted, passedOver: names.length - noted, noRoom: 0 }
  }
}

/** No more than are kept, as the script would choose them. */
function latest(addresses: ReadonlyMap<string, SeenBetween>): readonly (readonly [string, SeenBetween])[] {
  const all = [...addresses]
  if (all.length <= ADDRESSES_PER_NAME) return all
  return all.toSorted(([x, a], [y, b]) => b.last - a.last || (x > y ? -1 : 1)).slice(0, ADDRESSES_PER_NAME)
}

/** As the script writes it. */
function readSensed(address: string, value: string): SensedAddress {
  const [first = '0', last = '0', sensors = ''] = value.split(' ')
  return { address, first: Number(first), last: Number(last), sensors: sensors.split(',').toSorted() }
}
