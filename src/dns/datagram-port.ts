// What the UDP engine needs of the system: connected sockets, each with a source port of its own. Two ways exist:
// plain-ports.ts (node:dgram, everywhere) and batched/ (sendmmsg and recvmmsg, Linux). Both pass one conformance suite,
// and neither knows what a DNS message is.
import type { ServerAddress } from './server-address.ts'

export interface DatagramPortEvents {
  /** One datagram from the connected peer. `bytes` is valid only during the call: keep a copy of what is needed. */
  message(bytes: Uint8Array): void
  /** The peer's system refused an earlier datagram (ICMP port unreachable); the port works on. */
  refused(): void
  /** The port cannot be opened or used (no descriptor left, no route): nothing will come of it any more. */
  failed(): void
}

export interface DatagramPort {
  /**
   * Sends one datagram, or queues it until the port is connected or the batch is full; order is kept. The bytes must not
   * change until the question is over. Never throws; failures reach the events.
   */
  send(bytes: Uint8Array): void
  /** Gives the source port back at once; no event follows. */
  close(): void
}

/** The system's side of one UDP engine. */
export interface DatagramPorts {
  readonly name: UdpEngineName
  /** Opens a socket connected to the server, from a source port that the system chooses at random. Never throws. */
  open(server: ServerAddress, events: DatagramPortEvents): DatagramPort
  /** Octets of receive buffer that the system granted to the latest port; null before there was one. */
  readonly receiveBufferOctets: number | null
  /** Closes every port that is still open, and what they share. */
  close(): Promise<void>
}

export type UdpEngineName = 'plain' | 'batched'
