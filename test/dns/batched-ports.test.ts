import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { BatchedPorts } from '../../src/dns/batched/batched-ports.ts'
import {
  EAGAIN,
  ECONNREFUSED,
  ENOBUFS,
  epollEventLayout,
  type EpollEventLayout,
} from '../../src/dns/batched/kernel-layout.ts'
import { exchangesOverLoopback } from '../../src/dns/batched/self-test.ts'
import { bindSystemCalls, type SystemCalls } from '../../src/dns/batched/system-calls.ts'
import { DatagramPeer, numbered, PortNotes } from './datagram-ports-stage.ts'

// What the batched engine does when the system does not take, or does not give, all that it could. The calls are the real
// ones; a test only makes some of them end as the system may end them.

const EPERM = 1
const bound = await bindSystemCalls()
const layout = process.platform === 'linux' ? epollEventLayout(process.arch) : null

/** The real calls, where each of the scripted outcomes replaces or limits one sendmmsg, in order. */
class ScriptedSends implements Pick<SystemCalls, 'sendmmsg' | 'errno'> {
  readonly #calls: SystemCalls
  /** A number of datagrams to take, or the errno to fail with. */
  readonly outcomes: ({ readonly take: number } | { readonly fail: number })[] = []
  readonly offered: number[] = []
  #errno: number | null = null

  constructor(calls: SystemCalls) {
    this.#calls = calls
  }

  readonly sendmmsg: SystemCalls['sendmmsg'] = (fd, messages, count, flags) => {
    const outcome = this.outcomes.shift() ?? { take: count }
    this.offered.push(count)
    this.#errno = 'fail' in outcome ? outcome.fail : null
    return 'fail' in outcome ? -1 : this.#calls.sendmmsg(fd, messages, Math.min(outcome.take, count), flags)
  }

  readonly errno = (): number => {
    const errno = this.#errno ?? this.#calls.errno()
    this.#errno = null
    return errno
  }
}

describe.skipIf(typeof bound === 'string' || layout === null)('batched ports', () => {
  const calls = bound as SystemCalls
  let sends: ScriptedSends
  let ports: BatchedPorts
  let peer: DatagramPeer
  const numbersHeard = (): number[] => peer.heard.map(({ bytes }) => bytes.readUInt32BE())
  const upTo = (count: number): number[] => Array.from({ length: count }, (_, index) => index)

  beforeEach(async () => {
    sends = new ScriptedSends(calls)
    ports = new BatchedPorts({ ...calls, sendmmsg: sends.sendmmsg, errno: sends.errno }, layout!)
    peer = await DatagramPeer.start()
  })

  afterEach(async () => {
    await ports.close()
    await peer.close()
  })

  test('hand all that is sent within a turn to the system at once, at most 64 datagrams a call', async () => {
    const notes = PortNotes.open(ports, peer.server)
    for (const number of upTo(150)) notes.port.send(numbered(number))
    expect(sends.offered).toEqual([])
    await notes.got(150)
    expect(sends.offered).toEqual([64, 64, 22])
  })

  test.each([
    ['its buffer is full', EAGAIN],
    ['the queue of the interface is full', ENOBUFS],
  ])('keep what the system has no room for because %s, and send it in order later', async (_, errno) => {
    sends.outcomes.push({ take: 3 }, { fail: errno }, { fail: errno }, { take: 1 })
    const notes = PortNotes.open(ports, peer.server)
    const other = PortNotes.open(ports, peer.server)
    for (const number of upTo(10)) notes.port.send(numbered(number))
    await notes.got(3)
    notes.port.send(numbered(10))
    await notes.got(11)
    expect(numbersHeard()).toEqual(upTo(11))
    other.port.send(numbered(11))
    await other.got(1)
    expect(notes.failures).toBe(0)
  })

  test('send nothing of a port that was closed while the system had no room for it', async () => {
    sends.outcomes.push({ fail: EAGAIN })
    const blocked = PortNotes.open(ports, peer.server)
    blocked.port.send(numbered(1))
    const other = PortNotes.open(ports, peer.server)
    other.port.send(numbered(2))
    await other.got(1)
    blocked.port.close()
    await ports.close()
    expect(numbersHeard()).toEqual([2])
    expect(blocked.failures).toBe(0)
  })

  test('report a refusal that a send was told, and send that datagram again', async () => {
    sends.outcomes.push({ fail: ECONNREFUSED })
    const notes = PortNotes.open(ports, peer.server)
    for (const number of upTo(3)) notes.port.send(numbered(number))
    await notes.got(3)
    expect(notes.refusals).toBe(1)
    expect(numbersHeard()).toEqual(upTo(3))
  })

  test('report a refusal that only shows in a send that stopped short', async () => {
    sends.outcomes.push({ take: 2 })
    const notes = PortNotes.open(ports, peer.server)
    for (const number of upTo(5)) notes.port.send(numbered(number))
    await notes.got(5)
    expect(notes.refusals).toBe(1)
    expect(numbersHeard()).toEqual(upTo(5))
  })

  test('report a port as failed that the system does not let send', async () => {
    sends.outcomes.push({ fail: EPERM })
    const notes = PortNotes.open(ports, peer.server)
    notes.port.send(numbered(1))
    await notes.until(({ failures }) => failures > 0)
    notes.port.send(numbered(2))
    notes.port.close()
    expect(notes.failures).toBe(1)
  })

  test('report a port as failed that is given a datagram larger than any query', async () => {
    const notes = PortNotes.open(ports, peer.server)
    notes.port.send(numbered(1, 4097))
    await notes.until(({ failures }) => failures > 0)
    expect(sends.offered).toEqual([])
  })

  test('cut a reply off that is larger than a slot', async () => {
    peer.reply = ({ from }) => peer.send(Buffer.alloc(6000, 1), from.port)
    const notes = PortNotes.open(ports, peer.server)
    notes.port.send(numbered(1))
    await notes.got(1)
    expect(notes.messages).toEqual([Buffer.alloc(4096, 1)])
  })

  test('fail every port that is opened after the close, and say nothing of one before it', async () => {
    const before = PortNotes.open(ports, { address: 'no address', port: 53 })
    await ports.close()
    const after = PortNotes.open(ports, peer.server)
    await after.until(({ failures }) => failures > 0)
    expect(before.failures).toBe(0)
  })

  test('fail a port for a host name or an address with a zone, which need a look-up first', async () => {
    for (const address of ['localhost', 'fe80::1%lo']) {
      const notes = PortNotes.open(ports, { address, port: 53 })
      await notes.until(({ failures }) => failures > 0)
      expect(notes.failures).toBe(1)
    }
  })

  test('deliver replies that trickle in too fast for a wake-up each', async () => {
    peer.reply = () => {}
    const notes = PortNotes.open(ports, peer.server)
    notes.port.send(numbered(0))
    await peer.hasHeard(1)
    const source = peer.heard[0]!.from.port
    for (const number of upTo(3000)) {
      // One datagram a turn of the loop that both live on: each look finds one, and the next follows at once.
      peer.send(numbered(number), source)
      await new Promise(setImmediate)
    }
    await notes.got(3000)
    expect(notes.messages.map((bytes) => bytes.readUInt32BE())).toEqual(upTo(3000))
  })

  describe('in the self-test', () => {
    const passes = async (wrong: Partial<SystemCalls>, events: EpollEventLayout = layout!) => {
      const tested = new BatchedPorts({ ...calls, ...wrong }, events)
      const passed = await exchangesOverLoopback(tested)
      await tested.close()
      return passed
    }

    test('pass with the calls as they are', async () => {
      expect(await passes({})).toBe(true)
    })

    test('fail where the system refuses a call', async () => {
      expect(await passes({ sendmmsg: () => -1 })).toBe(false)
      expect(await passes({ socket: () => -1 })).toBe(false)
    })

    /** The calls of a kernel for arm64, where `struct epoll_event` is not packed: data at 8 of 16 octets. */
    const unpacked: Partial<SystemCalls> = {
      epoll_ctl: (epoll, operation, fd, event) => {
        const packed = new Uint8Array(12)
        packed.set(event.subarray(0, 4))
        packed.set(event.subarray(8, 16), 4)
        return calls.epoll_ctl(epoll, operation, fd, packed)
      },
      epoll_wait: (epoll, events, count, timeoutMs) => {
        const packed = new Uint8Array(12 * count)
        const ready = calls.epoll_wait(epoll, packed, count, timeoutMs)
        for (let index = 0; index < ready; index += 1) {
          events.set(packed.subarray(12 * index, 12 * index + 4), 16 * index)
          events.set(packed.subarray(12 * index + 4, 12 * index + 12), 16 * index + 8)
        }
        return ready
      },
    }

    test.skipIf(process.arch !== 'x64')(
      'pass on arm64 with its events, and fail with those of x86-64',
      async () => {
        expect(await passes(unpacked, epollEventLayout('arm64')!)).toBe(true)
        expect(await passes(unpacked, epollEventLayout('x64')!)).toBe(false)
      },
    )

    test('fail where lengths are not where they are expected', async () => {
      const shifted: SystemCalls['recvmmsg'] = (fd, messages, count, flags, timeout) => {
        const received = calls.recvmmsg(fd, messages, count, flags, timeout)
        for (let slot = 0; slot < received; slot += 1)
          messages.copyWithin(slot * 64 + 56, slot * 64 + 60, slot * 64 + 64)
        return received
      }
      expect(await passes({ recvmmsg: shifted })).toBe(false)
    })
  })
})
