// Answers the bench's questions where no real authority is installed, so that the bench can be run to its end anywhere.
// Written for that alone, not for speed: figures against it say nothing about the clients' limits.
import { createSocket } from 'node:dgram'
import { createServer } from 'node:net'
import packet, { type Answer, type SoaData } from 'dns-packet'
import { expectedAnswers } from './bench-zone.ts'
import { recordsOf } from './pipeline/watched-names.ts'

const [portText, ...given] = process.argv.slice(2)
const port = Number(portText)
const addresses = given.length > 0 ? given : ['127.0.0.1']
const known = expectedAnswers()

for (const address of addresses) {
  listenUdp(address)
  listenTcp(address)
}

function listenUdp(address: string): void {
  const udp = createSocket({ type: 'udp4', recvBufferSize: 4 << 20 })
  udp.on('message', (bytes, from) => udp.send(answerTo(bytes), from.port, from.address, () => {}))
  udp.bind(port, address)
}

function listenTcp(address: string): void {
  createServer((socket) => {
    socket.on('error', () => socket.destroy())
    let pending = Buffer.alloc(0)
    socket.on('data', (chunk) => {
      pending = Buffer.concat([pending, chunk])
      while (pending.length >= 2 && pending.length >= 2 + pending.readUInt16BE(0)) {
        const end = 2 + pending.readUInt16BE(0)
        const reply = answerTo(pending.subarray(2, end))
        const length = Buffer.alloc(2)
        length.writeUInt16BE(reply.length)
        socket.write(Buffer.concat([length, reply]))
        pending = pending.subarray(end)
      }
    })
  }).listen(port, address)
}

function answerTo(bytes: Buffer): Buffer {
  const query = packet.decode(bytes)
  const question = query.questions?.[0]
  const records = question ? recordsFor(question.name.toLowerCase(), question.type) : []
  const answers = records.map(({ type, data }) => ({
    type,
    name: question!.name,
    ttl: 300,
    data: type === 'SOA' ? soaData(data) : data,
  }))
  return packet.encode({
    type: 'response',
    id: query.id ?? 0,
    flags: packet.AUTHORITATIVE_ANSWER | (answers.length > 0 ? 0 : 3),
    questions: query.questions ?? [],
    answers: answers as Answer[],
  })
}

function recordsFor(name: string, type: string): readonly { readonly type: string; readonly data: string }[] {
  const right = known.get(`${name} ${type}`)
  return right ? [{ type: right.type, data: right.expected }] : recordsOf(name, type)
}

function soaData(text: string): SoaData {
  const [mname = '', rname = '', ...numbers] = text.split(' ')
  const [serial = 0, refresh = 0, retry = 0, expire = 0, minimum = 0] = numbers.map(Number)
  return { mname, rname, serial, refresh, retry, expire, minimum }
}
