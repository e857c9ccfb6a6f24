// Opens what the configuration describes: a source of replies for each protocol, and the vantage around it.
import { readFileSync } from 'node:fs'
import type { DatagramPorts } from './datagram-port.ts'
import { DirectSource } from './direct/direct-source.ts'
import type { ExchangeTarget } from './open-exchange.ts'
import { NO_OPT_OUT, type OptOut } from './opt-out-list.ts'
import { DEFAULT_PORTS, parseServerAddress, serverText, type ServerAddress } from './server-address.ts'
import { DEFAULT_TIMEOUTS_MS, StubResolver } from './stub-resolver.ts'
import type { ImmediateSource, ReplySource } from './resolver.ts'
import { Vantage, type VantageOptions } from './vantage.ts'
import {
  DEFAULT_JITTER_MS,
  DEFAULT_QPS,
  type DirectVantageConfig,
  type VantageConfig,
} from './vantage-config.ts'
import { parseClientSubnet } from './wire/client-subnet.ts'

export interface OpenVantagesOptions extends Pick<VantageOptions, 'maxWaitMs' | 'downPolicy' | 'time'> {
  /** The system's side of UDP, shared by all vantages and not closed with them. @defaultValue a plain one for each */
  readonly ports?: DatagramPorts
  /** @defaultValue nobody has opted out */
  readonly optOut?: OptOut
}

/**
 * Opens a vantage per entry of `parseVantageConfigs`, in order. Opens no socket yet: that happens with the first question.
 * Throws an Error that names the vantage and the field when a certificate file cannot be read.
 */
export function openVantages(
  configs: readonly VantageConfig[],
  options: OpenVantagesOptions = {},
): Vantage[] {
  const { ports, optOut = NO_OPT_OUT, ...limits } = options
  return configs.map((config) => {
    const { id, protocol, qps = DEFAULT_QPS, jitterMs = DEFAULT_JITTER_MS } = config
    const { source, server } = openSource(config, ports, optOut)
    const sendsClientSubnet = sendsSubnet(config)
    return new Vantage(source, { id, protocol, server, qps, jitterMs, sendsClientSubnet, optOut, ...limits })
  })
}

interface Opened {
  readonly source: ReplySource | ImmediateSource
  /** For the status. */
  readonly server: string
}

function openSource(config: VantageConfig, ports: DatagramPorts | undefined, optOut: OptOut): Opened {
  if (config.protocol === 'direct') return openDirect(config, ports, optOut)
  const clientSubnet = subnetOf(config)
  const { target, server } = targetOf(config)
  const resolver = new StubResolver({
    ...target,
    timeoutsMs: timeoutsFrom(config.timeoutMs),
    ...(config.maxInFlight !== undefined && { maxInFlight: config.maxInFlight }),
    ...(clientSubnet && { clientSubnet }),
    ...(ports && { ports }),
  })
  return { source: resolver, server }
}

function targetOf(config: Exclude<VantageConfig, DirectVantageConfig>): {
  readonly target: ExchangeTarget
  readonly server: string
} {
  if (config.protocol === 'doh') {
    const { url, address, method } = config
    const target: ExchangeTarget = {
      protocol: 'doh',
      url,
      ...(address !== undefined && { address }),
      ...(method !== undefined && { method }),
      ...trusted(config),
    }
    // For a status that anybody may read: where a client has a path of its own, that is as good as a password.
    return { target, server: new URL(url).origin }
  }
  const connections = config.connections === undefined ? {} : { connections: config.connections }
  if (config.protocol === 'dot') {
    const server = serverOf(config.id, config.server, DEFAULT_PORTS.dot)
    const tls = { serverName: config.tlsName ?? null, ...trusted(config) }
    return { target: { protocol: 'dot', server, tls, ...connections }, server: serverText(server) }
  }
  const server = serverOf(config.id, config.server, DEFAULT_PORTS.plain)
  const { protocol } = config
  const target: ExchangeTarget =
    protocol === 'udp' ? { protocol, server } : { protocol, server, ...connections }
  return { target, server: serverText(server) }
}

/** The authorities to trust instead of the system's, where the configuration names a file of them. */
function trusted({ id, caFile }: { readonly id: string; readonly caFile?: string }): { ca?: string } {
  if (caFile === undefined) return {}
  try {
    const ca = readFileSync(caFile, 'utf8')
    if (!ca.includes('-----BEGIN CERTIFICATE-----')) throw new Error(`${caFile} holds no PEM certificate`)
    return { ca }
  } catch (error) {
    throw new Error(`vantage ${id}: caFile: ${(error as Error).message}`, { cause: error })
  }
}

/** Authorities are asked over UDP, and over TCP when they truncate: they need not speak anything else. */
function openDirect(config: DirectVantageConfig, ports: DatagramPorts | undefined, optOut: OptOut): Opened {
  const { rootHints, port, qpsPerAuthority, allowSpecialPurpose, maxInFlight } = config
  const timeoutsMs = timeoutsFrom(config.timeoutMs).slice(0, AUTHORITY_ATTEMPTS)
  const source = new DirectSource({
    rootHints,
    openAuthority: (server) =>
      new StubResolver({
        server,
        protocol: 'udp',
        recursionDesired: false,
        timeoutsMs,
        ...(maxInFlight !== undefined && { maxInFlight }),
        ...(ports && { ports }),
      }),
    mayAsk: (address, name) => !optOut.coversAddress(address) && !optOut.coversName(name),
    ...(port !== undefined && { port }),
    ...(qpsPerAuthority !== undefined && { qpsPerAuthority }),
    ...(allowSpecialPurpose !== undefined && { allowSpecialPurpose }),
  })
  return { source, server: `root hints ${rootHints.join(', ')}` }
}

/** A zone has other servers: one that stays silent twice is left, where the only resolver would be asked once more. */
const AUTHORITY_ATTEMPTS = 2

function subnetOf(config: Exclude<VantageConfig, DirectVantageConfig>) {
  return config.ecs === undefined ? null : parseClientSubnet(config.ecs)
}

/** A subnet of length 0 tells the resolver to name none (RFC 7871, section 7.1.2). */
function sendsSubnet(config: VantageConfig): boolean {
  return config.protocol !== 'direct' && (subnetOf(config)?.prefixLength ?? 0) > 0
}

function serverOf(id: string, text: string, defaultPort: number): ServerAddress {
  const server = parseServerAddress(text, defaultPort)
  if (typeof server === 'string') throw new Error(`vantage ${id}: ${server}`)
  return server
}

/** The default ladder, stretched to the given first step. */
function timeoutsFrom(firstMs: number | undefined): readonly number[] {
  const stretch = (firstMs ?? DEFAULT_TIMEOUTS_MS[0]!) / DEFAULT_TIMEOUTS_MS[0]!
  return DEFAULT_TIMEOUTS_MS.map((timeoutMs) => Math.round(timeoutMs * stretch))
}
