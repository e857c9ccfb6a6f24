// npm run fuzz:dns: mutated packets through the whole receiving path. Exit 0 when nothing threw, hung or grew; 1 with the
// packet otherwise; 2 for bad arguments. The same seed gives the same packets.
import { parseArgs } from 'node:util'
import { fuzzPackets } from './fuzz/fuzz-packets.ts'
import { replyTarget } from './fuzz/reply-target.ts'
import { Watchdog } from './fuzz/watchdog.ts'

const USAGE = 'usage: npm run fuzz:dns -- [--packets 5000000] [--seed N]'

/** Far beyond what any packet may take, and beyond what a busy machine may take the core away. */
const HANG_MS = 20_000
/** Heap and buffers may differ so much between an early and the last measurement, both after a collection. */
const MAX_GROWTH_OCTETS = 2 << 20
const PARTS = 5

const { values } = parseArgs({ options: { packets: { type: 'string' }, seed: { type: 'string' } } })
const packets = wholeNumber('packets', values.packets, 5_000_000)
const firstSeed = wholeNumber('seed', values.seed, 1 + Math.floor(Math.random() * 0xffff_fff0))

const watchdog = new Watchdog(HANG_MS)
await watchdog.ready()
const target = replyTarget()
const startedAtMs = performance.now()
let early: number | null = null
let done = 0
let messages = 0
for (let part = 0; part < PARTS; part++) {
  const share = Math.floor((packets * (part + 1)) / PARTS) - Math.floor((packets * part) / PARTS)
  const seed = (firstSeed + part) >>> 0
  const onPacket = (bytes: Uint8Array, number: number): void => watchdog.note(bytes, done + number)
  const result = fuzzPackets({ seed, packets: share, target, onPacket })
  if (result.finding !== null) {
    const { number, bytes, error } = result.finding
    say(`packet ${number} of seed ${seed} throws: ${Buffer.from(bytes).toString('hex')}`)
    say(error instanceof Error ? (error.stack ?? error.message) : String(error))
    process.exit(1)
  }
  done += share
  messages += result.messages
  const live = liveOctets()
  early ??= live
  const seconds = ((performance.now() - startedAtMs) / 1000).toFixed(1)
  say(
    `${done} packets in ${seconds} s, ${messages} of them messages, ${(live / 2 ** 20).toFixed(1)} MiB live`,
  )
}
await watchdog.stop()
const growth = liveOctets() - (early ?? 0)
if (globalThis.gc !== undefined && growth > MAX_GROWTH_OCTETS) {
  say(`memory grew by ${growth} octets after the first ${Math.floor(packets / PARTS)} packets`)
  process.exit(1)
}
say(
  `seed ${firstSeed}: ${done} packets, no throw, no hang, ` +
    (globalThis.gc === undefined
      ? 'growth not measured (start with --expose-gc)'
      : `growth ${growth} octets`),
)

function liveOctets(): number {
  for (let times = 0; times < 3; times++) globalThis.gc?.()
  const { heapUsed, external } = process.memoryUsage()
  return heapUsed + external
}

function wholeNumber(name: string, text: string | undefined, otherwise: number): number {
  if (text === undefined) return otherwise
  const value = Number(text)
  if (Number.isInteger(value) && value >= 1 && value <= 0xffff_ffff) return value
  process.stderr.write(`--${name}: expected a whole number above 0, got ${text}\n${USAGE}\n`)
  process.exit(2)
}

function say(line: string): void {
  process.stdout.write(`${line}\n`)
}
