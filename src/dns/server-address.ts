// The address of a resolver as the configuration writes it. Addresses only: a host name would need a resolver first.
import { isIP, isIPv6 } from 'node:net'

export interface ServerAddress {
  /** IPv4 or IPv6, without brackets. */
  readonly address: string
  readonly port: number
}

/** Where a resolver listens unless the configuration says otherwise: RFC 1035, section 4.2, and RFC 7858, section 3.1. */
export const DEFAULT_PORTS = { plain: 53, dot: 853 } as const

/**
 * Reads `ip`, `ip:port`, `v6`, `[v6]` or `[v6]:port`; without a port it is `defaultPort`. A string answer is the reason why
 * it cannot be read.
 */
export function parseServerAddress(
  text: string,
  defaultPort: number = DEFAULT_PORTS.plain,
): ServerAddress | string {
  if (isIPv6(text)) return { address: text, port: defaultPort }
  const parts = /^(?:\[([^\]]*)\]|([^:[\]]*))(?::(.*))?$/.exec(text)
  if (parts === null) return `${JSON.stringify(text)} is not an address; write ip:port or [v6]:port`
  const [, bracketed, bare, portText] = parts
  const address = bracketed ?? bare ?? ''
  if (bracketed === undefined ? isIP(address) !== 4 : !isIPv6(address)) {
    return /[a-z]/i.test(address) && bracketed === undefined
      ? `${JSON.stringify(address)} is a host name; give the resolver's IP address`
      : `${JSON.stringify(address)} is not an IP address`
  }
  if (portText === undefined) return { address, port: defaultPort }
  const port = /^\d{1,5}$/.test(portText) ? Number(portText) : 0
  if (port < 1 || port > 65_535) return `${JSON.stringify(portText)} is not a port (1 to 65535)`
  return { address, port }
}

/** `ip:port` or `[v6]:port`, the form in the status and in sentences. */
export function serverText(server: ServerAddress): string {
  return isIPv6(server.address) ? `[${server.address}]:${server.port}` : `${server.address}:${server.port}`
}
