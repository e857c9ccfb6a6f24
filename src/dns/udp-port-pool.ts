// A few source ports per server, each used for a while and then replaced (RFC 5452, section 9.2): what a forger must
// guess keeps changing, without the price of a new socket for every query.
import type { RandomOctets } from './random-octets.ts'
import type { ServerAddress } from './server-address.ts'
import { UdpPort } from './udp-port.ts'

const OPEN_PORTS = 4

export class UdpPortPool {
  readonly #server: ServerAddress
  readonly #random: RandomOctets
  /** Every port whose socket is not closed yet, the ones that only drain among them. */
  readonly #ports = new Set<UdpPort>()
  /** Packets that replied to nothing. */
  mismatched = 0

  constructor(server: ServerAddress, random: RandomOctets) {
    this.#server = server
    this.#random = random
  }

  /** A port, chosen at random, that is not among those that the question has used already. */
  take(used: ReadonlySet<UdpPort>): UdpPort {
    const usable = [...this.#ports].filter((port) => port.usable)
    if (usable.length < OPEN_PORTS) return this.#openPort()
    const fresh = usable.filter((port) => !used.has(port))
    return fresh[this.#random.below(fresh.length || 1)] ?? this.#openPort()
  }

  /** Closes all ports; what they still wait for ends as `network`. */
  close(): void {
    for (const port of this.#ports) port.close()
  }

  #openPort(): UdpPort {
    const countMismatch = (): void => {
      this.mismatched += 1
    }
    const port = new UdpPort(this.#server, this.#random, countMismatch, (closed) =>
      this.#ports.delete(closed),
    )
    this.#ports.add(port)
    return port
  }
}
