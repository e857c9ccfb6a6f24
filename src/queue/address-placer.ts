// Tells history where its new addresses are, as the databases know it at that time. Beside the appends and after them: what fails
// here holds up no observation. Decides when there is something to look for.
import type { Enrichment } from '../core/model/address-facts.ts'
import type { AddressPlace } from '../core/model/seen-record.ts'

export interface UnplacedAddresses {
  unplaced(limit: number): Promise<readonly string[]>
  /** Where an address was placed first it stays. */
  place(places: readonly AddressPlace[]): Promise<void>
}

/** Addresses of one turn: a few ms of the store. */
const TURN = 500
/** Turns of one run; what is left waits for the next one. */
const TURNS_A_RUN = 40

export class AddressPlacer {
  readonly #history: UnplacedAddresses
  readonly #enrichment: Enrichment
  /** Something may be unplaced: an earlier process may have ended in between. */
  #isDue = true
  #running: Promise<void> | null = null
  #isStopped = false

  constructor(history: UnplacedAddresses, enrichment: Enrichment) {
    this.#history = history
    this.#enrichment = enrichment
  }

  /** Rows were added: the next run looks for new addresses. */
  noteAppended(): void {
    this.#isDue = true
  }

  /**
   * Places what is unplaced, unless nothing was added since nothing was. Without any database it waits for one: an address is placed
   * once, and "unknown" would stay. Rejects when history does; the next run tries again.
   */
  run(): Promise<void> {
    const hasDatabase = this.#enrichment.hasAsn || this.#enrichment.hasCountry
    if (!this.#isDue || !hasDatabase || this.#isStopped) return Promise.resolve()
    return (this.#running ??= this.#place().finally(() => (this.#running = null)))
  }

  /** Nothing is asked of history after this resolves. */
  async stop(): Promise<void> {
    this.#isStopped = true
    await this.#running?.catch(() => {})
  }

  async #place(): Promise<void> {
    this.#isDue = false
    try {
      for (let turn = 0; turn < TURNS_A_RUN && !this.#isStopped; turn += 1) {
        const addresses = await this.#history.unplaced(TURN)
        if (addresses.length > 0) await this.#history.place(addresses.map((one) => this.#placeOf(one)))
        if (addresses.length < TURN) return
      }
      this.#isDue = true
    } catch (error) {
      this.#isDue = true
      throw error
    }
  }

  #placeOf(address: string): AddressPlace {
    const { asn, organisation, country } = this.#enrichment.factsOf(address)
    return { address, asn, organisation, country }
  }
}
