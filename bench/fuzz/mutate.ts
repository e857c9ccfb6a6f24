// Damages a packet the way that noise, bugs and liars do. Works in one scratch buffer; which damage, the stream decides.
import type { RandomStream } from './random-stream.ts'

/** Room for what insertions add; a mutated packet is never longer. */
const MAX_OCTETS = 8192

const TELLING_OCTETS = [0, 1, 3, 12, 41, 63, 64, 127, 128, 191, 192, 255]
const TELLING_PAIRS = [0, 1, 2, 11, 12, 41, 255, 256, 4096, 0x7fff, 0x8000, 0xc000, 0xc00c, 0xfffe, 0xffff]
const MAX_DAMAGES = 4
const OPT_CODE = 41

type Damage = (packet: Mutator, random: RandomStream) => void

export class Mutator {
  readonly bytes = Buffer.alloc(MAX_OCTETS)
  length = 0
  readonly #seeds: readonly Buffer[]

  constructor(seeds: readonly Buffer[]) {
    this.#seeds = seeds
  }

  /** A mutated packet in an array of its own, as a receiver would hold it. */
  next(random: RandomStream): Uint8Array {
    const seed = random.pick(this.#seeds)
    this.length = seed.copy(this.bytes)
    for (let left = 1 + Math.min(random.below(MAX_DAMAGES), random.below(MAX_DAMAGES)); left > 0; left--)
      random.pick(DAMAGES)(this, random)
    return Uint8Array.prototype.slice.call(this.bytes, 0, this.length)
  }

  otherSeed(random: RandomStream): Buffer {
    return random.pick(this.#seeds)
  }

  /** Any offset at which there are `room` octets; zero when there is none. */
  offset(random: RandomStream, room = 1): number {
    return this.length < room ? 0 : random.below(this.length - room + 1)
  }

  /** Opens a gap of `count` octets before `at` (less where the buffer ends), moving what follows. */
  widen(at: number, count: number): void {
    const added = Math.min(count, MAX_OCTETS - this.length)
    this.bytes.copyWithin(at + added, at, this.length)
    this.length += added
  }
}

const flipBits: Damage = (packet, random) => {
  for (let left = 1 + random.below(8); left > 0; left--)
    packet.bytes[packet.offset(random)]! ^= 1 << random.below(8)
}

const setOctet: Damage = (packet, random) => {
  packet.bytes[packet.offset(random)] = random.pick(TELLING_OCTETS)
}

const setPair: Damage = (packet, random) => {
  const value = random.below(2) === 0 ? random.pick(TELLING_PAIRS) : random.below(packet.length + 2)
  packet.bytes.writeUInt16BE(value, packet.offset(random, 2))
}

const truncate: Damage = (packet, random) => {
  packet.length = random.below(packet.length + 1)
}

const lieAboutCounts: Damage = (packet, random) => {
  const near = (packet.bytes.readUInt16BE(4) + random.below(3)) & 0xffff
  packet.bytes.writeUInt16BE(
    random.below(2) === 0 ? near : random.pick(TELLING_PAIRS),
    4 + 2 * random.below(4),
  )
}

/** A pointer where one is already, or anywhere; to anywhere, ahead as well. */
const rewirePointer: Damage = (packet, random) => {
  const from = packet.offset(random, 2)
  const existing = packet.bytes.subarray(from, packet.length).findIndex((octet) => octet >= 0xc0)
  const at = existing === -1 || random.below(2) === 0 ? from : from + existing
  packet.bytes.writeUInt16BE(
    0xc000 | (random.below(packet.length + 4) & 0x3fff),
    Math.min(at, MAX_OCTETS - 2),
  )
}

/** A piece of the packet written over another place: names end up in data, data in names. */
const spliceInside: Damage = (packet, random) => {
  const from = packet.offset(random)
  const count = 1 + random.below(Math.min(64, packet.length - from + 1))
  packet.bytes.copyWithin(packet.offset(random), from, Math.min(from + count, packet.length))
}

const insertPiece: Damage = (packet, random) => {
  const from = packet.offset(random)
  const piece = Buffer.from(
    packet.bytes.subarray(from, Math.min(packet.length, from + 1 + random.below(300))),
  )
  const at = packet.offset(random)
  packet.widen(at, piece.length)
  piece.copy(packet.bytes, at)
}

const removePiece: Damage = (packet, random) => {
  const at = packet.offset(random)
  const count = Math.min(packet.length - at, 1 + random.below(16))
  packet.bytes.copyWithin(at, at + count, packet.length)
  packet.length -= count
}

/** The head of this packet with the tail of another. */
const crossOver: Damage = (packet, random) => {
  const other = packet.otherSeed(random)
  const at = packet.offset(random)
  const from = random.below(other.length)
  packet.length = at + other.copy(packet.bytes, at, from)
}

/** Lengths inside of the OPT record: of all its data, of an option. */
const lieAboutOptions: Damage = (packet, random) => {
  const opt = packet.bytes.subarray(0, packet.length).indexOf(Buffer.from([0, 0, OPT_CODE]))
  if (opt === -1) return setPair(packet, random)
  const at = Math.min(opt + 9 + random.below(24), MAX_OCTETS - 2)
  packet.bytes.writeUInt16BE(
    random.below(2) === 0 ? random.below(48) : random.pick(TELLING_PAIRS),
    Math.max(0, Math.min(at, packet.length - 2)),
  )
}

const fillWithNoise: Damage = (packet, random) => {
  const at = packet.offset(random)
  const end = Math.min(packet.length, at + 1 + random.below(32))
  for (let index = at; index < end; index++) packet.bytes[index] = random.below(256)
}

const DAMAGES: readonly Damage[] = [
  flipBits,
  setOctet,
  setPair,
  truncate,
  lieAboutCounts,
  rewirePointer,
  spliceInside,
  insertPiece,
  removePiece,
  crossOver,
  lieAboutOptions,
  fillWithNoise,
]
