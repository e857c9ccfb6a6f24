// Opens the connections of the webhook sender, to allowed addresses only. It judges twice: a host that is already an address
// (undici never looks that up), and every address that a name looks up to, at the moment of connecting.
import { lookup as systemLookup, type LookupAddress, type LookupOptions } from 'node:dns'
import type { LookupFunction } from 'node:net'
import { buildConnector } from 'undici'
import type { Cidr } from '../core/net/cidr.ts'
import { refusedAddress, refusedHost } from './webhook-url.ts'

/** Like `dns.lookup` with `all`: the addresses of a name, or an error with a code such as ENOTFOUND. */
export type LookupAll = (
  hostname: string,
  options: LookupOptions & { all: true },
  callback: (error: NodeJS.ErrnoException | null, addresses: LookupAddress[]) => void,
) => void

/** The connection was not opened because of where it would have led. */
export class AddressRefusedError extends Error {
  readonly code = 'ADDRESS_REFUSED'
}

/** A connector for undici: HTTP/1.1, certificates verified, `timeoutMs` until the connection (with TLS) is there. */
export function guardedConnector(options: {
  allow: readonly Cidr[]
  timeoutMs: number
  lookup?: LookupAll
}): buildConnector.connector {
  const connect = buildConnector({
    timeout: options.timeoutMs,
    allowH2: false,
    lookup: guardedLookup(options.allow, options.lookup ?? systemLookup),
  })
  return (target, callback) => {
    const reason = refusedHost(
      target.hostname.includes(':') ? `[${bare(target.hostname)}]` : target.hostname,
      options.allow,
    )
    if (reason === null) connect(target, callback)
    else queueMicrotask(() => callback(new AddressRefusedError(reason), null))
  }
}

/**
 * Answers only addresses that may be connected to; an error with the reason of the first refusal when none is left. So a
 * name with a public and a private address is reached at its public one.
 */
function guardedLookup(allow: readonly Cidr[], lookup: LookupAll): LookupFunction {
  return (hostname, options, callback) => {
    lookup(hostname, { ...options, all: true }, (error, addresses) => {
      if (error) return callback(error, '')
      const judged = addresses.map((found) => ({ found, reason: refusedAddress(found.address, allow) }))
      const allowed = judged.filter(({ reason }) => reason === null).map(({ found }) => found)
      const first = allowed[0]
      if (first === undefined) {
        const reason = judged[0]?.reason ?? 'it has no address'
        return callback(new AddressRefusedError(`${hostname} is refused: ${reason}`), '')
      }
      return options.all ? callback(null, allowed) : callback(null, first.address, first.family)
    })
  }
}

function bare(hostname: string): string {
  return hostname.replace(/^\[|\]$/g, '')
}
