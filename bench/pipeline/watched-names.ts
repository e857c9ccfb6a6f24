// The names that the bench of the pipeline has watched: one registrable domain each, with one address of both families, on
// the name servers of few hosters. Pure, so that the authority, the seed and the questions are made from the same thing.
import type { ServedZone } from '../authority.ts'

/** Where the authority stands in for three resolvers. */
export const RESOLVERS = ['127.0.0.1', '127.0.0.2', '127.0.0.3'] as const
export const VANTAGES = RESOLVERS.map((_, index) => `v${index + 1}`)

/** Of a host: A and AAAA of each resolver. */
export const QUESTIONS_A_ROUND = 2 * RESOLVERS.length

export const TTL_SECONDS = 300
/** Name servers are shared by many zones: two a hoster. */
export const HOSTERS = 50
/** So many names have zones of their own at the authority, with NS and SOA; the others lie in one zone `test`. */
export const OWN_ZONES = 2_000

export function nameOf(index: number): string {
  return `n${index}.test`
}

export function ipv4Of(index: number): string {
  return `45.${(index >> 16) & 255}.${(index >> 8) & 255}.${index & 255}`
}

/** As RFC 5952 writes it: no part of it is zero. */
export function ipv6Of(index: number): string {
  return `2a00:45::${((index >> 15) + 1).toString(16)}:${((index & 0x7fff) + 1).toString(16)}`
}

export function hosterOf(index: number): number {
  return index % HOSTERS
}

/** Sorted, as a series holds them. */
export function nameServersOf(hoster: number): readonly string[] {
  return [`ns1.h${hoster}.example`, `ns2.h${hoster}.example`]
}

/** One of each family for each name server of a hoster. */
export function nameServerAddresses(hoster: number, server: number): readonly [string, string] {
  return [`93.10.${hoster}.${server + 1}`, `2a00:93::${(hoster + 1).toString(16)}:${server + 1}`]
}

export function soaOf(index: number): string {
  const [first] = nameServersOf(hosterOf(index))
  return `${first} hostmaster.${nameOf(index)} 1 3600 600 86400 300`
}

/** What the bench's own answerer says of one of the names; data as a master file has it. */
export function recordsOf(name: string, type: string): readonly { type: string; data: string }[] {
  const index = Number(/^n(\d+)\.test$/.exec(name)?.[1] ?? Number.NaN)
  if (Number.isNaN(index)) return []
  if (type === 'A') return [{ type, data: ipv4Of(index) }]
  if (type === 'AAAA') return [{ type, data: ipv6Of(index) }]
  if (type === 'NS') return nameServersOf(hosterOf(index)).map((data) => ({ type, data }))
  if (type === 'SOA') return [{ type, data: soaOf(index) }]
  return []
}

/** The zones in which `count` names lie, as master files (RFC 1035, section 5). */
export function zonesOf(count: number): ServedZone[] {
  const own = Array.from({ length: Math.min(count, OWN_ZONES) }, (_, index) => ({
    name: nameOf(index),
    text: masterFile(soaOf(index), nameServersOf(hosterOf(index)), addressLines('@', index)),
  }))
  const rest: string[] = []
  for (let index = own.length; index < count; index++) rest.push(addressLines(`n${index}`, index))
  const top = masterFile(
    'a.nic.example hostmaster.nic.example 1 3600 600 86400 300',
    ['a.nic.example'],
    rest.join(''),
  )
  return [...own, { name: 'test', text: top }]
}

function addressLines(owner: string, index: number): string {
  return `${owner} A ${ipv4Of(index)}\n${owner} AAAA ${ipv6Of(index)}\n`
}

function masterFile(soa: string, nameServers: readonly string[], lines: string): string {
  const absolute = soa.split(' ').map((part) => (part.includes('.') ? `${part}.` : part))
  const apex = [`@ SOA ${absolute.join(' ')}`, ...nameServers.map((server) => `@ NS ${server}.`)]
  return `$TTL ${TTL_SECONDS}\n${apex.join('\n')}\n${lines}`
}
