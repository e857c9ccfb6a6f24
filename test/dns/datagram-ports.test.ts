import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { DatagramPorts } from '../../src/dns/datagram-port.ts'
import { DatagramPeer, IMPLEMENTATIONS, numbered, PortNotes } from './datagram-ports-stage.ts'

// What the UDP engine relies on, said once for both ways to reach the system. Real sockets on loopback.

describe.each(IMPLEMENTATIONS)('$name ports', ({ open, name, unavailable }) => {
  describe.skipIf(unavailable !== null)('on loopback', () => {
    let ports: DatagramPorts
    let peer: DatagramPeer

    beforeEach(async () => {
      ports = await open()
      peer = await DatagramPeer.start()
    })

    afterEach(async () => {
      await ports.close()
      await peer.close()
    })

    test('tell which engine they are', () => {
      expect(ports.name).toBe(name)
    })

    test('send a datagram and pass the reply on', async () => {
      const notes = PortNotes.open(ports, peer.server)
      notes.port.send(Buffer.from('question'))
      await notes.got(1)
      expect(peer.heard.map(({ bytes }) => bytes.toString())).toEqual(['question'])
      expect(notes.messages.map(String)).toEqual(['question'])
      expect([notes.refusals, notes.failures]).toEqual([0, 0])
    })

    test('keep the order of what is sent at once, and of what comes back', async () => {
      const notes = PortNotes.open(ports, peer.server)
      const numbers = Array.from({ length: 150 }, (_, index) => index)
      for (const number of numbers) notes.port.send(numbered(number))
      await notes.got(150)
      expect(peer.heard.map(({ bytes }) => bytes.readUInt32BE())).toEqual(numbers)
      expect(notes.messages.map((bytes) => bytes.readUInt32BE())).toEqual(numbers)
    })

    test('carry datagrams of up to 4096 octets unchanged, both ways', async () => {
      const notes = PortNotes.open(ports, peer.server)
      const datagrams = [1, 12, 512, 1232, 4095, 4096, 7].map((octets, index) =>
        Buffer.from(Array.from({ length: octets }, (_, at) => at * 7 + index)),
      )
      for (const datagram of datagrams) notes.port.send(datagram)
      await notes.got(datagrams.length)
      expect(peer.heard.map(({ bytes }) => bytes)).toEqual(datagrams)
      expect(notes.messages).toEqual(datagrams)
    })

    test('pass an empty datagram on as no bytes', async () => {
      peer.reply = ({ from }) => peer.send(new Uint8Array(0), from.port)
      const notes = PortNotes.open(ports, peer.server)
      notes.port.send(numbered(1))
      await notes.got(1)
      expect(notes.messages).toEqual([Buffer.alloc(0)])
    })

    test('reach a server over IPv6', async () => {
      const peer6 = await DatagramPeer.start('::1')
      // As somebody may write it in the configuration.
      const notes = PortNotes.open(ports, { ...peer6.server, address: '0:0:0:0::1' })
      notes.port.send(Buffer.from('over six'))
      await notes.got(1)
      expect(notes.messages.map(String)).toEqual(['over six'])
      expect(peer6.heard[0]?.from.family).toBe('IPv6')
      await peer6.close()
    })

    test('take nothing from another port or another address of the machine', async () => {
      const otherPort = await DatagramPeer.start()
      const otherAddress = await DatagramPeer.start('127.0.0.2', peer.server.port)
      peer.reply = () => {}
      const notes = PortNotes.open(ports, peer.server)
      notes.port.send(numbered(1))
      await peer.hasHeard(1)
      const source = peer.heard[0]!.from.port
      for (const stranger of [otherPort, otherAddress]) {
        await new Promise((resolve) => stranger.socket.send('forged', source, '127.0.0.1', resolve))
      }
      peer.send(Buffer.from('true'), source)
      await notes.got(1)
      expect(notes.messages.map(String)).toEqual(['true'])
      await otherPort.close()
      await otherAddress.close()
    })

    test('report a refusal, and work on when the server is back', async () => {
      const { server } = peer
      await peer.close()
      const notes = PortNotes.open(ports, server)
      notes.port.send(numbered(1))
      await notes.until(({ refusals }) => refusals > 0)
      peer = await DatagramPeer.start(server.address, server.port)
      notes.port.send(numbered(2))
      await notes.got(1)
      expect(notes.messages).toEqual([numbered(2)])
      expect(notes.failures).toBe(0)
    })

    test('report a refusal of the first of many datagrams sent at once, and send the rest', async () => {
      const { server } = peer
      await peer.close()
      const notes = PortNotes.open(ports, server)
      for (let number = 0; number < 10; number += 1) notes.port.send(numbered(number))
      await notes.until(({ refusals }) => refusals > 0)
      peer = await DatagramPeer.start(server.address, server.port)
      notes.port.send(numbered(10))
      await notes.got(1)
      expect(notes.messages.at(-1)).toEqual(numbered(10))
      expect(notes.failures).toBe(0)
    })

    test('report a server that the system will not reach as failed, after open has returned', async () => {
      const notes = PortNotes.open(ports, { address: '255.255.255.255', port: 53 })
      expect(notes.failures).toBe(0)
      notes.port.send(numbered(1))
      await notes.until(({ failures }) => failures > 0)
      expect(notes.failures).toBe(1)
      notes.port.send(numbered(2))
      notes.port.close()
      expect(notes.messages).toEqual([])
    })

    test('tell nothing more of a port that was closed while datagrams for it were being passed on', async () => {
      peer.reply = ({ from }) => {
        for (let number = 0; number < 20; number += 1) peer.send(numbered(number), from.port)
      }
      const notes = PortNotes.open(ports, peer.server)
      notes.onMessage = () => notes.port.close()
      notes.port.send(numbered(0))
      await notes.got(1)
      await roundTrip(ports, peer)
      expect(notes.messages).toEqual([numbered(0)])
    })

    test('may be closed, opened and used from inside of a callback', async () => {
      const first = PortNotes.open(ports, peer.server)
      const second = PortNotes.open(ports, peer.server)
      const third = Promise.withResolvers<PortNotes>()
      let decided = false
      const inside = (other: PortNotes) => () => {
        if (decided) return
        decided = true
        other.port?.close()
        const opened = PortNotes.open(ports, peer.server)
        opened.port.send(numbered(3))
        third.resolve(opened)
      }
      first.onMessage = inside(second)
      second.onMessage = inside(first)
      first.port.send(numbered(1))
      second.port.send(numbered(2))
      const opened = await third.promise
      await opened.got(1)
      expect(opened.messages).toEqual([numbered(3)])
      expect(first.messages.length + second.messages.length).toBe(1)
    })

    test('tell nothing of a port that was closed at once', async () => {
      const good = PortNotes.open(ports, peer.server)
      const bad = PortNotes.open(ports, { address: '255.255.255.255', port: 53 })
      good.port.send(numbered(1))
      good.port.close()
      bad.port.close()
      bad.port.close()
      await roundTrip(ports, peer)
      expect([good.messages.length, good.refusals, good.failures]).toEqual([0, 0, 0])
      expect([bad.messages.length, bad.refusals, bad.failures]).toEqual([0, 0, 0])
    })

    test('give the source port back when a port is closed', async () => {
      const notes = PortNotes.open(ports, peer.server)
      notes.port.send(numbered(1))
      await notes.got(1)
      const source = peer.heard[0]!.from.port
      notes.port.close()
      const successor = await DatagramPeer.start('127.0.0.1', source)
      expect(successor.server.port).toBe(source)
      await successor.close()
    })

    test('close every port with the whole, also with datagrams still on their way', async () => {
      const all = [1, 2, 3].map(() => PortNotes.open(ports, peer.server))
      for (const { port } of all) port.send(numbered(1))
      await Promise.all(all.map((notes) => notes.got(1)))
      for (const { port } of all) port.send(numbered(2))
      await ports.close()
      await ports.close()
      const other = await open()
      await roundTrip(other, peer)
      await other.close()
      expect(all.map(({ messages }) => messages.length)).toEqual([1, 1, 1])
      for (const { from } of peer.heard.slice(0, 3)) {
        const successor = await DatagramPeer.start('127.0.0.1', from.port)
        await successor.close()
      }
    })

    test('tell how large a receive buffer the system granted', async () => {
      expect(ports.receiveBufferOctets).toBeNull()
      await roundTrip(ports, peer)
      expect(ports.receiveBufferOctets).toBeGreaterThanOrEqual(4096)
    })
  })
})

/** One question over a port of its own: whatever was on its way before has arrived by then. */
async function roundTrip(ports: DatagramPorts, peer: DatagramPeer): Promise<void> {
  peer.reply = ({ bytes, from }) => peer.send(bytes, from.port)
  const notes = PortNotes.open(ports, peer.server)
  notes.port.send(Buffer.from('round trip'))
  await notes.got(1)
  notes.port.close()
}
