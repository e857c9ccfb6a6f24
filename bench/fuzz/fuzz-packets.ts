// The loop of a fuzz run: mutated packets into a target that must take any bytes. Repeatable from its seed.
import { Mutator } from './mutate.ts'
import { RandomStream } from './random-stream.ts'
import { seedPackets } from './seed-packets.ts'

/** True when the bytes were a message. A throw is a finding. */
export type FuzzTarget = (bytes: Uint8Array) => boolean

export interface FuzzOptions {
  readonly seed: number
  readonly packets: number
  readonly target: FuzzTarget
  /** Called before each packet goes in: a watchdog remembers it. */
  readonly onPacket?: (bytes: Uint8Array, number: number) => void
}

export interface FuzzFinding {
  /** From 1. */
  readonly number: number
  readonly bytes: Uint8Array
  readonly error: unknown
}

export interface FuzzResult {
  readonly packets: number
  /** How many of them were still messages: none would mean that the damage is too coarse to test anything. */
  readonly messages: number
  /** The first throw, where the run ended; null when there was none. */
  readonly finding: FuzzFinding | null
}

export function fuzzPackets({ seed, packets, target, onPacket }: FuzzOptions): FuzzResult {
  const random = new RandomStream(seed)
  const mutator = new Mutator(seedPackets())
  let messages = 0
  for (let number = 1; number <= packets; number++) {
    const bytes = mutator.next(random)
    onPacket?.(bytes, number)
    try {
      if (target(bytes)) messages += 1
    } catch (error) {
      return { packets: number, messages, finding: { number, bytes, error } }
    }
  }
  return { packets, messages, finding: null }
}
