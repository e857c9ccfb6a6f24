// The thread of a resolver with a bad line: it drops, delays, reorders, doubles and truncates over UDP, as its seed
// decides, and answers plainly over TCP. Drops a question twice at most, so that the right outcome is certain.
import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { parentPort, workerData } from 'node:worker_threads'
import packet, { type Answer, type DecodedPacket } from 'dns-packet'
import { FrameReader } from '../../src/dns/tcp-framing.ts'
import { createDice } from '../../src/lab/random.ts'
import { aliasOf, ipv4Of, ipv6Of, kindOf, numberOf, truncates } from './support-impaired-names.ts'
import { frameMessage } from './stream-server.ts'

export interface ImpairedOptions {
  readonly seed: string
  /** Delayed replies leave between one millisecond and this. */
  readonly maxDelayMs: number
}

/** Packets; `reordered`: those that left in another order than their questions came. */
export interface ImpairedTally {
  dropped: number
  delayed: number
  doubled: number
  reordered: number
  truncated: number
  overTcp: number
}

const MAX_DROPS = 2
const SHARE = 0.1
/** Replies that are shuffled among each other. */
const SHUFFLED = 16

interface Held {
  readonly bytes: Buffer
  readonly port: number
}

const { seed, maxDelayMs } = workerData as ImpairedOptions
const dice = createDice(seed)
const tally: ImpairedTally = { dropped: 0, delayed: 0, doubled: 0, reordered: 0, truncated: 0, overTcp: 0 }
const asked = new Map<number, number>()
const drops = new Map<number, number>()
let held: Held[] = []
let shuffles = 0

const udp = createSocket({ type: 'udp4', recvBufferSize: 4 << 20 })
udp.on('error', () => {})
udp.on('message', (bytes, from) => answerOverUdp(bytes, from.port))
const tcp = createServer((socket) => {
  socket.on('error', () => socket.destroy())
  const frames = new FrameReader((message) => {
    tally.overTcp += 1
    socket.write(frameMessage(replyTo(packet.decode(message), false)))
  })
  socket.on('data', (chunk) => frames.push(chunk))
})
parentPort?.on('message', () => parentPort?.postMessage(tally, []))
parentPort?.postMessage({ port: await listen() }, [])

async function listen(): Promise<number> {
  // The system chooses a port for TCP; UDP mostly has it free.
  for (;;) {
    tcp.listen(0, '127.0.0.1')
    await once(tcp, 'listening')
    const { port } = tcp.address() as { port: number }
    udp.bind(port, '127.0.0.1')
    const bound = await Promise.race([
      once(udp, 'listening').then(() => true),
      once(udp, 'error').then(() => false),
    ])
    if (bound) return port
    await new Promise((resolve) => tcp.close(resolve))
  }
}

function answerOverUdp(bytes: Buffer, port: number): void {
  const query = packet.decode(bytes)
  const number = numberOf(query.questions?.[0]?.name ?? '')
  const time = asked.get(number) ?? 0
  asked.set(number, time + 1)
  const dropped = drops.get(number) ?? 0
  if (dropped < MAX_DROPS && dice.ratio('drop', number, time) < SHARE) {
    drops.set(number, dropped + 1)
    tally.dropped += 1
    return
  }
  const truncated = truncates(number)
  if (truncated) tally.truncated += 1
  const reply = { bytes: replyTo(query, truncated), port }
  const copies = dice.ratio('double', number, time) < SHARE ? 2 : 1
  tally.doubled += copies - 1
  for (let copy = 0; copy < copies; copy++) {
    if (dice.ratio('delay', number, time, copy) >= SHARE) {
      hold(reply)
      continue
    }
    tally.delayed += 1
    setTimeout(() => send(reply), 1 + dice.below(maxDelayMs, 'delay', number, time, copy))
  }
}

/** Waits until enough others wait, or nothing more has come in this turn of the loop. */
function hold(reply: Held): void {
  held.push(reply)
  if (held.length === 1) setImmediate(release)
  if (held.length >= SHUFFLED) release()
}

function release(): void {
  const replies = held
  held = []
  shuffles += 1
  const order = dice.shuffled(replies, 'order', shuffles)
  tally.reordered += order.filter((reply, index) => reply !== replies[index]).length
  for (const reply of order) send(reply)
}

function send({ bytes, port }: Held): void {
  udp.send(bytes, port, '127.0.0.1', () => {})
}

function replyTo(query: DecodedPacket, truncated: boolean): Buffer {
  const name = query.questions?.[0]?.name ?? ''
  const number = numberOf(name)
  const kind = kindOf(number)
  const ttl = 60
  const answers: Answer[] = []
  if (kind === 'A') answers.push({ type: 'A', name, ttl, data: ipv4Of(number) })
  if (kind === 'AAAA') answers.push({ type: 'AAAA', name, ttl, data: ipv6Of(number) })
  if (kind === 'alias')
    answers.push(
      { type: 'CNAME', name, ttl, data: aliasOf(number) },
      { type: 'A', name: aliasOf(number), ttl, data: ipv4Of(number) },
    )
  return packet.encode({
    type: 'response',
    id: query.id ?? 0,
    flags:
      packet.RECURSION_DESIRED |
      packet.RECURSION_AVAILABLE |
      (truncated ? packet.TRUNCATED_RESPONSE : 0) |
      (kind === 'nxdomain' ? 3 : 0),
    questions: query.questions ?? [],
    answers: truncated ? [] : answers,
  })
}
