// The thread of a resolver with a forger beside it. For each question the forger sends perfect answers that lack one
// secret, and knows all others; then the resolver answers.
import { createSocket, type Socket } from 'node:dgram'
import { once } from 'node:events'
import { parentPort, workerData } from 'node:worker_threads'
import packet from 'dns-packet'
import { createDice } from '../../src/lab/random.ts'

/** What the forger does not know. `port`: the asker's; `source`: it cannot send from the resolver's address and port. */
export type Secret = 'id' | 'port' | 'case' | 'question' | 'source'

export interface ForgerOptions {
  readonly secret: Secret
  readonly forgeriesPerQuestion: number
  /** The addresses in the resolver's and in the forger's answers. */
  readonly honest: string
  readonly forged: string
}

export interface ForgerTally {
  questions: number
  forged: number
}

const NAME_AT = 13
const ASKERS_KEPT = 8

const { secret, forgeriesPerQuestion, ...addresses } = workerData as ForgerOptions
const dice = createDice(`forger of ${secret}`)
const tally: ForgerTally = { questions: 0, forged: 0 }
/** Ports that the asker has used lately. */
const askers: number[] = []

const resolver = await bound('127.0.0.1', 0)
const { port } = resolver.address()
// The same port of another address, and another port of the same.
const strangers = [await bound('127.0.0.2', port), await bound('127.0.0.1', 0)]
resolver.on('message', (bytes, from) => {
  tally.questions += 1
  if (!askers.includes(from.port)) askers.push(from.port)
  if (askers.length > ASKERS_KEPT) askers.shift()
  const forged = answer(bytes, addresses.forged)
  for (let time = 0; time < forgeriesPerQuestion; time++) forge(forged, from.port, time)
  send(resolver, answer(bytes, addresses.honest), from.port)
})
parentPort?.on('message', () => parentPort?.postMessage(tally, []))
parentPort?.postMessage({ port }, [])

async function bound(address: string, at: number): Promise<Socket> {
  const socket = createSocket('udp4')
  socket.on('error', () => {})
  socket.bind(at, address)
  await once(socket, 'listening')
  return socket
}

function forge(right: Buffer, asker: number, time: number): void {
  const bytes = Buffer.from(right)
  const { questions } = tally
  if (secret === 'id') {
    bytes.writeUInt16BE(bytes.readUInt16BE(0) ^ (1 + dice.below(0xffff, questions, time)))
    return forgeFrom(resolver, bytes, asker)
  }
  if (secret === 'port') {
    const others = askers.filter((one) => one !== asker)
    const guess = others[dice.below(others.length, questions, time)]
    return guess === undefined ? undefined : forgeFrom(resolver, bytes, guess)
  }
  if (secret === 'source') return forgeFrom(strangers[time % strangers.length]!, bytes, asker)
  const length = bytes[NAME_AT - 1]!
  const letter = NAME_AT + dice.below(length, questions, time)
  // The first label is letters only, so every one of them has another case, and another letter.
  if (secret === 'case') bytes[letter]! ^= 0x20
  else if (time % 2 === 0) bytes[letter] = (bytes[letter]! & 0xe0) | (1 + ((bytes[letter]! + 5) % 26))
  else bytes[typeAt(bytes)] = 28
  forgeFrom(resolver, bytes, asker)
}

/** Offset of the low octet of the question's type. */
function typeAt(bytes: Buffer): number {
  return bytes.indexOf(0, NAME_AT) + 2
}

function forgeFrom(socket: Socket, bytes: Buffer, asker: number): void {
  tally.forged += 1
  send(socket, bytes, asker)
}

function send(socket: Socket, bytes: Buffer, to: number): void {
  socket.send(bytes, to, '127.0.0.1', () => {})
}

function answer(query: Buffer, address: string): Buffer {
  const { id = 0, questions = [] } = packet.decode(query)
  return packet.encode({
    type: 'response',
    id,
    flags: packet.RECURSION_DESIRED | packet.RECURSION_AVAILABLE,
    questions,
    answers: [{ type: 'A', name: questions[0]?.name ?? '', ttl: 60, data: address }],
  })
}
