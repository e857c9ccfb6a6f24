// The stub that people write: one connected dgram socket, dns-packet both ways, a map by id, a timer per question.
import { randomInt } from 'node:crypto'
import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import packet from 'dns-packet'
import type { OpenAsker } from './asker.ts'

interface Pending {
  readonly done: (data: string | null) => void
  readonly timer: NodeJS.Timeout
}

const TIMEOUT_MS = 3000
const RECEIVE_BUFFER_OCTETS = 4 << 20

export const openDnsPacketStub: OpenAsker = async ({ address, port }) => {
  const socket = createSocket({ type: 'udp4', recvBufferSize: RECEIVE_BUFFER_OCTETS })
  socket.connect(port, address)
  await once(socket, 'connect')
  socket.on('error', () => {})
  const pending = new Map<number, Pending>()
  socket.on('message', (bytes) => {
    const reply = packet.decode(bytes)
    const waiting = pending.get(reply.id ?? -1)
    if (!waiting) return
    pending.delete(reply.id!)
    clearTimeout(waiting.timer)
    const [first] = reply.answers ?? []
    waiting.done(first && 'data' in first ? String(first.data) : null)
  })
  return {
    ask({ name, type }, done) {
      let id = randomInt(0x1_0000)
      while (pending.has(id)) id = randomInt(0x1_0000)
      const timer = setTimeout(() => {
        pending.delete(id)
        done(null)
      }, TIMEOUT_MS)
      pending.set(id, { done, timer })
      socket.send(
        packet.encode({
          type: 'query',
          id,
          flags: packet.RECURSION_DESIRED,
          questions: [{ type, name }],
          additionals: [{ type: 'OPT', name: '.', udpPayloadSize: 1232, flags: 0, options: [] } as never],
        }),
      )
    },
    retried: () => 0,
    async close() {
      socket.close()
    },
  }
}
