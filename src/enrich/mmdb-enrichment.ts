// Answers what is known about an address from MMDB files in memory, and picks up files that are replaced. Decides when an
// address has no facts; what the facts weigh is core's business.
import { parseAddress } from '../core/net/address.ts'
import { specialPurpose } from '../core/net/special-purpose.ts'
import type { AddressFacts, Enrichment } from '../core/model/address-facts.ts'
import { DATABASE_KINDS, PATH_VARIABLES, defaultDatabasePath } from './default-paths.ts'
import type { DatabaseKind, EnrichmentPaths } from './default-paths.ts'
import { describeDatabase, describeEnrichment } from './enrichment-description.ts'
import type { EnrichmentDescription } from './enrichment-description.ts'
import { asnFields, countryField } from './mmdb-fields.ts'
import { isMissing, readMmdb, stampOfFile } from './mmdb-file.ts'
import type { MmdbFile } from './mmdb-file.ts'
import { assertKind } from './mmdb-networks.ts'

/** One place for a database: where it would be, what is loaded from there. */
interface Slot {
  readonly kind: DatabaseKind
  readonly path: string
  /** The user named it, so that it must be there. */
  readonly required: boolean
  readonly file: MmdbFile | null
  failedLookUps: number
}

const NO_FACTS: AddressFacts = { asn: null, organisation: null, country: null }

/**
 * Loads the databases. Without any it works and knows nothing. Rejects with a sentence that names the variable and the
 * path when a file that was named is missing, and for every file that is damaged or holds something else.
 */
export async function openEnrichment(paths: EnrichmentPaths): Promise<MmdbEnrichment> {
  const enrichment = new MmdbEnrichment(paths)
  await enrichment.reload()
  return enrichment
}

/** Addresses whose facts are remembered: those of the hosters that most names sit with. About 200 B each. */
const REMEMBERED = 65_536

export class MmdbEnrichment implements Enrichment {
  #slots: Readonly<Record<DatabaseKind, Slot | null>>
  /** Of the databases that are loaded now. */
  #known = new Map<string, AddressFacts>()

  /** Knows nothing before the first `reload()`: `openEnrichment` makes one that does. */
  constructor(paths: EnrichmentPaths) {
    const slot = (kind: DatabaseKind, named: string | null): Slot | null => {
      const directory = paths.dataDirectory
      if (named !== null) return { kind, path: named, required: true, file: null, failedLookUps: 0 }
      if (directory === undefined) return null
      const path = defaultDatabasePath(directory, kind)
      return { kind, path, required: false, file: null, failedLookUps: 0 }
    }
    this.#slots = { asn: slot('asn', paths.asnPath), country: slot('country', paths.countryPath) }
  }

  get hasAsn(): boolean {
    return this.#slots.asn?.file != null
  }

  get hasCountry(): boolean {
    return this.#slots.country?.file != null
  }

  /**
   * Never throws. All null for text that is no address, for addresses that no network on the Internet has (private and
   * other special-purpose ones, whatever a database says of them), and for those that the databases do not map.
   * An IPv4-mapped IPv6 address is the IPv4 address inside.
   */
  factsOf(address: string): AddressFacts {
    const known = this.#known.get(address)
    if (known !== undefined) return known
    const facts = this.#lookUp(address)
    // All at once, seldom: no order of use is kept for what is cheap to find again.
    if (this.#known.size >= REMEMBERED) this.#known.clear()
    this.#known.set(address, facts)
    return facts
  }

  #lookUp(address: string): AddressFacts {
    const parsed = parseAddress(address)
    if (parsed === null) return NO_FACTS
    if (specialPurpose(parsed)?.globallyReachable === false) return NO_FACTS
    const { asn, organisation } = asnFields(lookUp(this.#slots.asn, parsed.text))
    return { asn, organisation, country: countryField(lookUp(this.#slots.country, parsed.text)) }
  }

  /**
   * Loads what was replaced or has appeared since; true when there was something. A file that is gone leaves what was
   * loaded in use. Rejects like `openEnrichment`, and then all stays as it was.
   */
  async reload(): Promise<boolean> {
    const slots = { ...this.#slots }
    for (const kind of DATABASE_KINDS) {
      const slot = slots[kind]
      if (slot !== null) slots[kind] = await refresh(slot)
    }
    const changed = DATABASE_KINDS.some((kind) => slots[kind]?.file !== this.#slots[kind]?.file)
    // In one step: no look-up sees the AS of one edition and the country of the next.
    if (changed) {
      this.#slots = slots
      this.#known = new Map()
    }
    return changed
  }

  /** Which databases are loaded, how old they are, and a sentence. `now` in ms since the epoch. */
  describe(now: number): EnrichmentDescription {
    const describe = (slot: Slot | null) =>
      slot?.file == null ? null : describeDatabase(slot.file, slot.failedLookUps, now)
    return describeEnrichment(describe(this.#slots.asn), describe(this.#slots.country))
  }
}

function lookUp(slot: Slot | null, address: string): unknown {
  if (slot?.file == null) return null
  try {
    return slot.file.lookUp(address).record
  } catch {
    // A damaged record is missing knowledge about one address, no reason to stop the probing; describe() tells of it.
    slot.failedLookUps += 1
    return null
  }
}

/** The slot with what lies at its path now; the same slot when nothing changed. */
async function refresh(slot: Slot): Promise<Slot> {
  const name = slot.required ? PATH_VARIABLES[slot.kind] : `The ${slot.kind} database of \`geo update\``
  try {
    const stamp = await stampOfFile(slot.path)
    if (stamp === slot.file?.stamp) return slot
    if (stamp !== null) {
      const file = await readMmdb(slot.path)
      assertKind(slot.kind, file)
      return { ...slot, file, failedLookUps: 0 }
    }
  } catch (error) {
    // Gone between the two looks at it: as good as not there.
    if (!isMissing(error)) {
      throw new Error(`${name} cannot be used: ${slot.path}: ${(error as Error).message}`, { cause: error })
    }
  }
  if (slot.required && slot.file === null) {
    throw new Error(`${name} names a file that is not there: ${slot.path}`)
  }
  return slot
}
