// A stream exchange and the server that it asks, opened for one test and closed after it.
import type { TlsOptions } from 'node:tls'
import { afterEach } from 'vitest'
import type { Question } from '../../src/core/dns/record.ts'
import { PacketTally, type Exchanged } from '../../src/dns/exchange.ts'
import { PromisedInquiry } from '../../src/dns/promised-inquiry.ts'
import { RandomOctets } from '../../src/dns/random-octets.ts'
import type { ServerAddress } from '../../src/dns/server-address.ts'
import { StreamExchange, type StreamExchangeOptions } from '../../src/dns/stream-exchange.ts'
import { TcpDialer } from '../../src/dns/tcp-dialer.ts'
import { TICK_MS, TimingWheel } from '../../src/dns/timing-wheel.ts'
import { TlsDialer } from '../../src/dns/tls-dialer.ts'
import type { QueryOptions } from '../../src/dns/wire/query-encoder.ts'
import { CA, StreamServer, type Behave } from './stream-server.ts'

/** A wheel of time-outs that turns only when a test says so: then nothing runs out because a machine is slow. */
export class HandWheel {
  #skippedMs = 0
  #fire: () => void = () => {}
  readonly wheel = new TimingWheel(
    () => performance.now() + this.#skippedMs,
    (fire) => {
      this.#fire = fire
      return { set: () => {}, ref: () => {}, unref: () => {} }
    },
  )

  /** Lets so much time pass, and a tick: what is due by then runs out before this returns. */
  skip(ms: number): void {
    this.#skippedMs += ms + TICK_MS
    this.#fire()
  }
}

/** Resolves once the condition holds; it is looked at in every turn of the event loop. */
export async function eventually(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((resolve) => setImmediate(resolve))
}

/** Two attempts of LONG each. */
export const LONG_TWICE = [60_000, 60_000]

/** Long enough that a test which runs into it fails by its own time limit. */
export const LONG = [60_000]

const open: { close(): Promise<void> }[] = []
afterEach(async () => {
  for (const one of open.splice(0)) await one.close()
})

export function toClose<T extends { close(): Promise<void> }>(one: T): T {
  open.unshift(one)
  return one
}

export async function serveStream(behave: Behave, tls: TlsOptions | null = null): Promise<StreamServer> {
  const server = await StreamServer.start(behave, tls)
  open.push(server)
  return server
}

export function overTcp(server: ServerAddress, options: Partial<StreamExchangeOptions> = {}): StreamExchange {
  const dialer = new TcpDialer(server)
  return toClose(
    new StreamExchange({
      transport: 'tcp',
      dialer,
      timeoutsMs: LONG,
      random: new RandomOctets(),
      ...options,
    }),
  )
}

export function overTls(
  server: ServerAddress,
  serverName: string | null,
  options: Partial<StreamExchangeOptions> = {},
): StreamExchange {
  const dialer = new TlsDialer(server, { serverName, ca: CA })
  return toClose(
    new StreamExchange({
      transport: 'dot',
      dialer,
      timeoutsMs: LONG,
      random: new RandomOctets(),
      ...options,
    }),
  )
}

export interface Came {
  /** Kind, or the address in the first answer. */
  readonly what: string
  readonly packets: number
}

const PLAIN: QueryOptions = { edns: {}, recursionDesired: true }

/** Asks for the address of `name`; what came, in short. */
export async function ask(
  exchange: StreamExchange,
  name: string,
  signal?: AbortSignal,
  options = PLAIN,
): Promise<Came> {
  const question: Question = { name, type: 'A' }
  signal?.throwIfAborted()
  return new Promise((resolve, reject) => {
    const tally = new PacketTally()
    const settled = (exchanged: Exchanged): void => {
      const what =
        exchanged.kind === 'message' ? (exchanged.message.answer[0]?.data ?? 'nothing') : exchanged.kind
      resolve({ what, packets: tally.count })
    }
    exchange.start(question, options, new PromisedInquiry(tally, settled, reject, signal))
  })
}

/** Asks for `n0.test` to `n<count - 1>.test` at once. */
export async function askMany(exchange: StreamExchange, count: number): Promise<Came[]> {
  return Promise.all(Array.from({ length: count }, (_, index) => ask(exchange, `n${index}.test`)))
}
