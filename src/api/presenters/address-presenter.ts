// An address through everything that it served, on the wire. One that was never seen has nulls and no intervals.
import { parseAddress, prefixKey } from '../../core/net/address.ts'
import { specialPurpose } from '../../core/net/special-purpose.ts'
import type { AddressLife } from '../../core/model/seen-record.ts'
import { presentInstant, presentInstantOrNull } from './instant.ts'
import type { LinkMaker } from './links.ts'

/** `address`: canonical text. */
export function presentAddress(address: string, life: AddressLife | null) {
  const parsed = parseAddress(address)
  const block = parsed && specialPurpose(parsed)
  return {
    address,
    special_purpose: block && {
      prefix: block.cidr,
      name: block.name,
      source: block.source,
      globally_reachable: block.globallyReachable,
    },
    asn: life?.asn ?? null,
    organisation: life?.organisation ?? null,
    country: life?.country ?? null,
    first_seen: presentInstantOrNull(life?.firstSeen ?? null),
    last_seen: presentInstantOrNull(life?.lastSeen ?? null),
    names: life?.names ?? 0,
    intervals: (life?.intervals ?? []).map(({ from, to }) => ({
      from: presentInstant(from),
      to: presentInstant(to),
    })),
    idle_s: (life?.idleMs ?? 0) / 1000,
  }
}

/** To what holds the address: the prefix that is routed at the least, its autonomous system, its country. */
export function addressLinks(address: string, life: AddressLife | null, links: LinkMaker) {
  const parsed = parseAddress(address)
  return {
    ...(parsed && { prefix: links.path(`/v1/prefixes/${prefixKey(parsed, parsed.family === 4 ? 24 : 48)}`) }),
    ...(life?.asn && { asn: links.path(`/v1/asns/${life.asn}`) }),
    ...(life?.country && { country: links.path(`/v1/countries/${life.country}`) }),
  }
}
