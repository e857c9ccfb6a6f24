// The URL guard: which webhook URLs and which addresses we are willing to send to, so that nobody can make this service
// speak to its own machine or network (SSRF). Looking names up and connecting is guarded-connector.ts's business.
import { FluxError } from '../core/errors.ts'
import { parseAddress } from '../core/net/address.ts'
import { cidrContains, type Cidr } from '../core/net/cidr.ts'
import { specialPurpose } from '../core/net/special-purpose.ts'

/** Longer URLs are refused. Hand-set: what proxies and servers are known to take. */
export const URL_LENGTH_LIMIT = 2_048

/**
 * Why nothing is sent to this address; null when it is fine.
 *
 * Refused is every special-purpose address (IANA registries, multicast; IPv4 inside of IPv6 forms is unwrapped), also
 * the globally reachable ones such as NAT64, unless a block of `allow` holds it.
 */
export function refusedAddress(text: string, allow: readonly Cidr[]): string | null {
  const address = parseAddress(text)
  if (address === null) return `${text} is not an address that can be judged`
  if (allow.some((block) => cidrContains(block, address))) return null
  const block = specialPurpose(address)
  return block === null ? null : `${text} is in ${block.cidr} (${block.name})`
}

/**
 * Why nothing is sent to this host of a URL (as `URL.hostname` gives it); null for a public address and for a name,
 * whose addresses are judged when we connect. `localhost` is a name that is known beforehand (RFC 6761, section 6.3).
 */
export function refusedHost(hostname: string, allow: readonly Cidr[]): string | null {
  const host = hostname.replace(/^\[|\]$/g, '')
  if (/^(.+\.)?localhost\.?$/i.test(host)) {
    const [ipv4, ipv6] = [refusedAddress('127.0.0.1', allow), refusedAddress('::1', allow)]
    return ipv4 !== null && ipv6 !== null ? `${host} is this machine` : null
  }
  const isAddress = hostname.startsWith('[') || parseAddress(host) !== null
  return isAddress ? refusedAddress(host, allow) : null
}

/**
 * Reads a webhook URL: http or https, without credentials, to a host that `refusedHost` lets through. Any port. The
 * fragment, which is never sent, is dropped. Throws `FLUX_WEBHOOK_URL_REFUSED` with the reason.
 *
 * Blind spot: a name is not looked up here, because DNS may say something else when we connect; the connector asks then.
 */
export function parseWebhookUrl(text: string, allow: readonly Cidr[]): URL {
  if (text.length > URL_LENGTH_LIMIT) throw refusal(`it is longer than ${URL_LENGTH_LIMIT} characters`)
  const url = URL.parse(text)
  if (url === null) throw refusal('it is not an absolute URL')
  if (url.protocol !== 'http:' && url.protocol !== 'https:') throw refusal('only http and https are allowed')
  if (url.username !== '' || url.password !== '') throw refusal('it holds credentials')
  const reason = refusedHost(url.hostname, allow)
  if (reason !== null) throw refusal(reason)
  url.hash = ''
  return url
}

function refusal(reason: string): FluxError {
  const detail = `This webhook URL is refused: ${reason}`
  return new FluxError('FLUX_WEBHOOK_URL_REFUSED', detail, [
    { pointer: '/url', code: 'url_refused', detail: reason },
  ])
}
