// What a round puts on the wire: its questions through a relay that counts packets and octets, headers of IP and UDP included.
import { createSocket, type Socket } from 'node:dgram'
import { once } from 'node:events'
import type { Question } from '../../src/core/dns/record.ts'
import { PlainPorts } from '../../src/dns/plain-ports.ts'
import { StubResolver } from '../../src/dns/stub-resolver.ts'
import { nameOf, RESOLVERS } from './watched-names.ts'

export interface WireCost {
  readonly packets: number
  readonly octets: number
}

/** IPv4 and UDP. */
const HEADER_OCTETS = 28
const MEASURED_NAMES = 50
const LOOPBACK = '127.0.0.1'

/** Of one round, both directions: the questions of these types to each resolver. Names with zones of their own. */
export async function measureWire(
  authorityPort: number,
  types: readonly Question['type'][],
  names = MEASURED_NAMES,
): Promise<WireCost> {
  const front = await open()
  const back = await open()
  let client = 0
  let packets = 0
  let octets = 0
  const count = (bytes: Buffer): void => {
    packets += 1
    octets += bytes.length + HEADER_OCTETS
  }
  front.on('message', (bytes, from) => {
    client = from.port
    count(bytes)
    back.send(bytes, authorityPort, LOOPBACK)
  })
  back.on('message', (bytes) => {
    count(bytes)
    front.send(bytes, client, LOOPBACK)
  })
  const ports = new PlainPorts()
  const server = { address: LOOPBACK, port: front.address().port }
  const stub = new StubResolver({ server, protocol: 'udp', ports })
  const askAll = async (first: number, last: number): Promise<void> => {
    // One at a time, for the relay knows one client port.
    for (let index = first; index < last; index++)
      for (const type of types) await stub.ask({ name: nameOf(index), type })
  }
  // The first exchanges bring the server's cookie.
  await askAll(0, 1)
  packets = 0
  octets = 0
  await askAll(1, names + 1)
  await stub.close()
  await ports.close()
  front.close()
  back.close()
  const scale = RESOLVERS.length / names
  return { packets: packets * scale, octets: octets * scale }
}

async function open(): Promise<Socket> {
  const socket = createSocket('udp4')
  socket.bind(0, LOOPBACK)
  await once(socket, 'listening')
  return socket
}
