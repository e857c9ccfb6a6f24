// A bare DNS client for the tests: one question, one reply, by UDP or TCP.
import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { connect } from 'node:net'
import { decode, encode, RECURSION_DESIRED } from 'dns-packet'
import type { Answer, DecodedPacket, RecordType } from 'dns-packet'

export interface Asked {
  readonly address?: string
  readonly port: number
  readonly name: string
  readonly type: string
  /** With it the query carries EDNS. */
  readonly udpPayloadSize?: number
  /** RD; a resolver refuses to work without it. */
  readonly recursionDesired?: boolean
  /** The local address to ask from. */
  readonly from?: string
}

export function queryBytes({ name, type, udpPayloadSize, recursionDesired }: Omit<Asked, 'port'>): Buffer {
  const edns: Answer[] = udpPayloadSize
    ? [
        {
          type: 'OPT',
          name: '.',
          udpPayloadSize,
          extendedRcode: 0,
          ednsVersion: 0,
          flags: 0,
          flag_do: false,
          options: [],
        },
      ]
    : []
  return encode({
    type: 'query',
    id: 4242,
    flags: recursionDesired ? RECURSION_DESIRED : 0,
    questions: [{ name, type: type as RecordType }],
    additionals: edns,
  })
}

/** Sends bytes and answers with the first datagram that comes back. */
export async function exchangeUdp(
  bytes: Buffer,
  { address = '127.0.0.1', port, from }: Pick<Asked, 'address' | 'port' | 'from'>,
): Promise<Buffer> {
  const socket = createSocket('udp4')
  try {
    if (from) {
      socket.bind(0, from)
      await once(socket, 'listening')
    }
    socket.send(bytes, port, address)
    const [reply] = (await once(socket, 'message', { signal: AbortSignal.timeout(5000) })) as [Buffer]
    return reply
  } finally {
    socket.close()
  }
}

export async function askUdp(asked: Asked): Promise<DecodedPacket> {
  return decode(await exchangeUdp(queryBytes(asked), asked))
}

/** Writes the chunks one after the other and answers with so many messages. */
export async function exchangeTcp(
  chunks: readonly Buffer[],
  { address = '127.0.0.1', port }: Pick<Asked, 'address' | 'port'>,
  messages: number,
): Promise<DecodedPacket[]> {
  const socket = connect({ host: address, port, noDelay: true })
  const replies: DecodedPacket[] = []
  let received = Buffer.alloc(0)
  try {
    await once(socket, 'connect')
    for (const chunk of chunks) await new Promise<void>((sent) => socket.write(chunk, () => sent()))
    while (replies.length < messages) {
      const [chunk] = (await once(socket, 'data', { signal: AbortSignal.timeout(5000) })) as [Buffer]
      received = Buffer.concat([received, chunk])
      while (received.length >= 2 && received.length >= 2 + received.readUInt16BE(0)) {
        const end = 2 + received.readUInt16BE(0)
        replies.push(decode(received.subarray(2, end)))
        received = received.subarray(end)
      }
    }
    return replies
  } finally {
    socket.destroy()
  }
}

export async function askTcp(asked: Asked): Promise<DecodedPacket> {
  return (await exchangeTcp([framed(queryBytes(asked))], asked, 1))[0]!
}

export function framed(bytes: Buffer): Buffer {
  const length = Buffer.alloc(2)
  length.writeUInt16BE(bytes.length)
  return Buffer.concat([length, bytes])
}

/** The addresses and names in a section, of one type. */
export function dataOf(records: readonly Answer[] | undefined, type: string): string[] {
  return (records ?? [])
    .filter((record) => record.type === type)
    .map((record) => String((record as { data: unknown }).data))
}
