import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { DatagramPorts } from '../../src/dns/datagram-port.ts'
import { DatagramPeer, IMPLEMENTATIONS, numbered, PortNotes } from './datagram-ports-stage.ts'

// Many ports, many datagrams, and what a process sees that runs out of descriptors or has nothing left to do.

const run = promisify(execFile)

setFlagsFromString('--expose-gc')
const collectGarbage = runInNewContext('gc') as () => void

describe.each(IMPLEMENTATIONS)('$name ports in numbers', ({ open, script, unavailable }) => {
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

    test('serve 2,000 ports at once, each its own replies', async () => {
      const all: PortNotes[] = []
      for (let step = 0; step < 20; step += 1) {
        const opened = Array.from({ length: 100 }, () => PortNotes.open(ports, peer.server))
        for (const [index, { port }] of opened.entries()) port.send(numbered(step * 100 + index))
        await Promise.all(opened.map((notes) => notes.got(1)))
        all.push(...opened)
      }
      expect(all.map(({ messages }) => messages.map((bytes) => bytes.readUInt32BE()))).toEqual(
        all.map((_, index) => [index]),
      )
      expect(new Set(peer.heard.map(({ from }) => from.port)).size).toBe(2000)
    })

    test('keep nothing of a port that is closed, or that could not be opened', async () => {
      const { server } = peer
      const held = await (async () => {
        const answered = Array.from({ length: 20 }, () => PortNotes.open(ports, server))
        for (const { port } of answered) port.send(numbered(1))
        await Promise.all(answered.map((notes) => notes.got(1)))
        const failed = PortNotes.open(ports, { address: '255.255.255.255', port: 53 })
        failed.port.send(numbered(1))
        await failed.until(({ failures }) => failures > 0)
        for (const { port } of [...answered, failed]) port.close()
        return [...answered, failed].map((notes) => new WeakRef(notes))
      })()
      // The ports themselves live on, and serve another one: what is kept here would be kept for ever.
      await expect
        .poll(async () => {
          const other = PortNotes.open(ports, server)
          other.port.send(numbered(2))
          await other.got(1)
          other.port.close()
          collectGarbage()
          return held.filter((notes) => notes.deref() !== undefined).length
        })
        .toBe(0)
    })

    test('lose none of 10,000 datagrams that stay below the buffer', async () => {
      const notes = PortNotes.open(ports, peer.server)
      for (let from = 0; from < 10_000; from += 100) {
        for (let number = from; number < from + 100; number += 1) notes.port.send(numbered(number))
        await notes.got(from + 100)
      }
      expect(notes.messages.map((bytes) => bytes.readUInt32BE())).toEqual(
        Array.from({ length: 10_000 }, (_, index) => index),
      )
    })

    test('take source ports that follow no step', async () => {
      const opened = Array.from({ length: 100 }, () => PortNotes.open(ports, peer.server))
      for (const { port } of opened) port.send(numbered(1))
      await peer.hasHeard(100)
      const sources = peer.heard.map(({ from }) => from.port)
      const steps = sources.slice(1).map((port, index) => port - sources[index]!)
      expect(new Set(sources).size).toBe(100)
      // Hundred ports out of some 28,000: two equal steps are rare, a rule would make nearly all of them equal.
      expect(new Set(steps).size).toBeGreaterThan(80)
    })

    test('let the process end that has only idle ports left', async () => {
      const { stdout } = await run(process.execPath, ['--input-type=module', '-e', idleScript(script, peer)])
      expect(stdout).toBe('answered\n')
    })

    test('report a port as failed when no descriptor is left, and serve the others', async () => {
      const limited = ['-c', 'ulimit -n 120 && exec "$0" "$@"', process.execPath]
      const { stdout } = await run('sh', [
        ...limited,
        '--input-type=module',
        '-e',
        exhaustingScript(script, peer),
      ])
      const { answered, failed } = JSON.parse(stdout) as { answered: number; failed: number }
      expect(answered + failed).toBe(200)
      expect(answered).toBeGreaterThan(0)
      expect(failed).toBeGreaterThan(0)
    })
  })
})

/** One question; its timer keeps the process alive as the engine's does, and nothing is closed afterwards. */
function idleScript(script: string, peer: DatagramPeer): string {
  return `${script}
    const timer = setTimeout(() => console.log('no reply'), 10_000)
    const port = ports.open(${JSON.stringify(peer.server)}, {
      message: () => { clearTimeout(timer); console.log('answered') },
      refused: () => {},
      failed: () => console.log('failed'),
    })
    port.send(new Uint8Array(20))`
}

function exhaustingScript(script: string, peer: DatagramPeer): string {
  return `${script}
    let answered = 0, failed = 0
    const timer = setTimeout(() => console.log(JSON.stringify({ answered, failed })), 10_000)
    const count = () => {
      if (answered + failed < 200) return
      clearTimeout(timer)
      console.log(JSON.stringify({ answered, failed }))
    }
    for (let index = 0; index < 200; index += 1) {
      ports.open(${JSON.stringify(peer.server)}, {
        message: () => { answered += 1; count() },
        refused: () => {},
        failed: () => { failed += 1; count() },
      }).send(new Uint8Array(20))
    }`
}
