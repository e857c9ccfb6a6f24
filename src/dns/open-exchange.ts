// From what a resolver is configured as to the exchange that asks it: the only place that knows all four transports.
import type { DatagramPorts } from './datagram-port.ts'
import { DohExchange } from './doh-exchange.ts'
import { PromisedExchange, type ImmediateExchange } from './exchange.ts'
import type { RandomOctets } from './random-octets.ts'
import type { ServerAddress } from './server-address.ts'
import { StreamExchange } from './stream-exchange.ts'
import { TcpDialer } from './tcp-dialer.ts'
import type { TimingWheel } from './timing-wheel.ts'
import { TlsDialer, type TlsIdentity } from './tls-dialer.ts'
import { UdpExchange } from './udp-exchange.ts'

/** Where and how one resolver is asked. */
export type ExchangeTarget =
  | { readonly protocol: 'udp'; readonly server: ServerAddress }
  | { readonly protocol: 'tcp'; readonly server: ServerAddress; readonly connections?: number }
  | {
      readonly protocol: 'dot'
      readonly server: ServerAddress
      readonly tls: TlsIdentity
      readonly connections?: number
    }
  | {
      readonly protocol: 'doh'
      /** https only. */
      readonly url: string
      /** Address of the URL's host; needed where that is a name, and nothing where it is an address itself. */
      readonly address?: string
      readonly method?: 'GET' | 'POST'
      /** PEM of the authorities to trust instead of the system's. */
      readonly ca?: string
    }

export interface ExchangeMeans {
  /** One attempt per entry, in milliseconds, at least one. */
  readonly timeoutsMs: readonly number[]
  readonly maxInFlight: number
  readonly random: RandomOctets
  /** UDP only; not closed with the exchange. */
  readonly ports: DatagramPorts
  readonly wheel: TimingWheel
}

export interface OpenedExchange {
  readonly exchange: ImmediateExchange
  /** Why a connection last failed, for UDP one that truncated replies are asked again over; null when none did. */
  readonly lastError: () => string | null
}

/** Opens no socket yet. Throws for a DoH URL that cannot be asked. */
export function openExchange(target: ExchangeTarget, means: ExchangeMeans): OpenedExchange {
  const { timeoutsMs, maxInFlight, random, ports, wheel } = means
  if (target.protocol === 'doh') {
    const doh = new DohExchange({ ...target, timeoutsMs, random, maxInFlight, wheel })
    return { exchange: new PromisedExchange(doh), lastError: () => doh.status.lastError }
  }
  const { server } = target
  if (target.protocol === 'udp') {
    const tcp = new StreamExchange({
      transport: 'tcp',
      dialer: new TcpDialer(server),
      timeoutsMs,
      random,
      maxInFlight,
      wheel,
    })
    const udp = new UdpExchange({ server, timeoutsMs, random, tcp, ports, wheel, maxInFlight })
    return { exchange: udp, lastError: () => tcp.status.lastError }
  }
  const stream = new StreamExchange({
    transport: target.protocol,
    dialer: target.protocol === 'dot' ? new TlsDialer(server, target.tls) : new TcpDialer(server),
    timeoutsMs,
    random,
    maxInFlight,
    wheel,
    ...(target.connections !== undefined && { connections: target.connections }),
  })
  return { exchange: stream, lastError: () => stream.status.lastError }
}
