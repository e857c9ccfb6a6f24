// What a query says over a stream that it does not say over UDP: over TCP and TLS that we would keep the connection (RFC
// 7828), and where it is encrypted padding, so that lengths tell no names (RFC 8467, section 4.1: to a multiple of 128).
import type { TransportName } from './exchange.ts'
import type { EdnsOptions, QueryOptions } from './wire/query-encoder.ts'

const PADDING_BLOCK_OCTETS = 128

export class StreamOptions {
  readonly #added: Partial<EdnsOptions>
  #given: QueryOptions | null = null
  #made: QueryOptions | null = null

  constructor(transport: TransportName) {
    this.#added = {
      ...((transport === 'tcp' || transport === 'dot') && { keepalive: true }),
      ...((transport === 'dot' || transport === 'doh') && { paddingBlockOctets: PADDING_BLOCK_OCTETS }),
    }
  }

  /** The options for the stream. The same object comes back for the same object, so that the encoder can remember it. */
  of(options: QueryOptions): QueryOptions {
    const { edns } = options
    if (edns === null) return options
    if (this.#made !== null && this.#given === options) return this.#made
    this.#given = options
    this.#made = { ...options, edns: { ...edns, ...this.#added } }
    return this.#made
  }
}
