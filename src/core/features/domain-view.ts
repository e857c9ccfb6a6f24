// The one reading of a domain's series that all features measure: addresses by family with what is known of each,
// without special-purpose addresses (sinkholes, block pages, RBL answers), which belong to nobody's pool.
import { parseAddress, prefixKey } from '../net/address.ts'
import type { Address } from '../net/address.ts'
import { specialPurpose } from '../net/special-purpose.ts'
import { sampledShare } from '../series/bottom-k.ts'
import type { AddressFacts, Enrichment } from '../model/address-facts.ts'
import type { AddressType, HostView } from '../series/host-view.ts'
import type { DomainSeries } from '../series/domain-series.ts'
import type { HostSeries } from '../series/host-series.ts'

/** One address of a pool. */
export interface Member {
  readonly address: Address
  /** /16 of an IPv4 address, /48 of an IPv6 address. */
  readonly network: string
  readonly facts: AddressFacts
  /** Vantages that saw it, sorted. */
  readonly vantages: readonly string[]
  readonly first: number
  readonly last: number
  /** Fresh answers that carried it. */
  readonly count: number
}

/** The addresses of one family of one host (or of several name-server hosts), and how they were seen. */
export interface PoolView {
  readonly members: readonly Member[]
  /** Views with at least one fresh answer. */
  readonly views: readonly HostView[]
  /** Share of all addresses that `members` holds; 1 while the series is exact. */
  readonly sampledShare: number
}

export interface DomainView {
  readonly series: DomainSeries
  readonly enrichment: Enrichment
  readonly now: number
  readonly a: PoolView
  readonly aaaa: PoolView
  /**
   * A and AAAA addresses of each name-server host, in order of the host's name: what was answered for the host itself, and
   * the glue that the parent gave for it.
   */
  readonly nameServers: readonly { readonly host: string; readonly pool: PoolView }[]
  /** Vantages among those that speak for the parent's side, each beside the vantage that it belongs to. */
  readonly parentVantages: ReadonlySet<string>
  /** Special-purpose addresses that were left out of `a` and `aaaa`. */
  readonly specialAddresses: number
}

export function viewDomain(series: DomainSeries, enrichment: Enrichment, now: number): DomainView {
  const a = viewPool(series.host, ['A'], enrichment)
  const aaaa = viewPool(series.host, ['AAAA'], enrichment)
  const glue = series.zone?.delegation?.glue ?? []
  const hosts = new Map(series.nameServers.map((host) => [host.name, [host]]))
  for (const host of glue) hosts.set(host.name, [...(hosts.get(host.name) ?? []), host])
  const ordered = [...hosts].toSorted(([x], [y]) => (x < y ? -1 : 1))
  return {
    series,
    enrichment,
    now,
    a,
    aaaa,
    nameServers: ordered.map(([host, sides]) => ({
      host,
      pool: unitePools(sides.map((side) => viewPool(side, ['A', 'AAAA'], enrichment))),
    })),
    parentVantages: new Set(glue.flatMap((host) => host.views.map((view) => view.vantage))),
    specialAddresses: series.host.addresses.entries.length - a.members.length - aaaa.members.length,
  }
}

function viewPool(host: HostSeries, types: readonly AddressType[], enrichment: Enrichment): PoolView {
  const members: Member[] = []
  for (const seen of host.addresses.entries) {
    if (!types.includes(seen.type)) continue
    const address = parseAddress(seen.key)
    if (address === null || specialPurpose(address) !== null) continue
    const { vantages, first, last, count } = seen
    const network = prefixKey(address, address.family === 4 ? 16 : 48)
    members.push({ address, network, facts: enrichment.factsOf(address.text), vantages, first, last, count })
  }
  return {
    members,
    views: host.views.filter((view) => types.includes(view.type)),
    sampledShare: sampledShare(host.addresses),
  }
}

/** One pool out of those of several witnesses of one host, whose vantages differ. */
function unitePools(pools: readonly PoolView[]): PoolView {
  const [only] = pools
  if (pools.length === 1 && only !== undefined) return only
  return {
    members: uniteMembers(pools.flatMap((pool) => pool.members)),
    views: pools.flatMap((pool) => pool.views),
    sampledShare: Math.min(...pools.map((pool) => pool.sampledShare)),
  }
}

/** Each address once, with everything that was seen of it. */
export function uniteMembers(members: readonly Member[]): readonly Member[] {
  const byAddress = new Map<string, Member>()
  for (const member of members) {
    const held = byAddress.get(member.address.text)
    byAddress.set(member.address.text, held === undefined ? member : unite(held, member))
  }
  return [...byAddress.values()]
}

function unite(held: Member, other: Member): Member {
  return {
    ...held,
    vantages: [...new Set([...held.vantages, ...other.vantages])].toSorted(),
    first: Math.min(held.first, other.first),
    last: Math.max(held.last, other.last),
    count: held.count + other.count,
  }
}

/** Who runs the network: the organisation where it is known (one anycast owner has many ASNs), else the ASN. */
export function operatorOf(facts: AddressFacts): string | null {
  if (facts.organisation !== null) return facts.organisation
  return facts.asn === null ? null : `AS${facts.asn}`
}
