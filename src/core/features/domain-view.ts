// The one reading of a domain's series that all features measure: addresses by family with what is known of each,
// without special-purpose addresses (sinkholes, block pages, RBL answers), which belong to nobody's pool.
import { sampledShare } from '../series/bottom-k.ts'
import type { Enrichment } from '../model/address-facts.ts'
import type { AddressType } from '../series/host-view.ts'
import type { DomainSeries } from '../series/domain-series.ts'
import type { HostSeries } from '../series/host-series.ts'
import { Member, locate } from './member.ts'
import { NO_POOL, Pool, unitePools } from './pool.ts'

export interface NameServerView {
  readonly host: string
  readonly pool: Pool
}

export interface DomainView {
  readonly series: DomainSeries
  readonly enrichment: Enrichment
  readonly now: number
  readonly a: Pool
  readonly aaaa: Pool
  /**
   * A and AAAA addresses of each name-server host, in order of the host's name: what was answered for the host itself, and
   * the glue that the parent gave for it.
   */
  readonly nameServers: readonly NameServerView[]
  /** The addresses of all name servers together, each once. */
  readonly nameServerPool: Pool
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
  const nameServers = [...hosts]
    .toSorted(([x], [y]) => (x < y ? -1 : 1))
    .map(([host, sides]) => ({
      host,
      pool: unitePools(sides.map((side) => viewPool(side, ['A', 'AAAA'], enrichment))),
    }))
  return {
    series,
    enrichment,
    now,
    a,
    aaaa,
    nameServers,
    nameServerPool: unitePools(nameServers.map(({ pool }) => pool)),
    parentVantages: new Set(glue.flatMap((host) => host.views.map((view) => view.vantage))),
    specialAddresses: series.host.addresses.entries.length - a.members.length - aaaa.members.length,
  }
}

/** `types`: one family, or both. */
function viewPool(host: HostSeries, types: readonly AddressType[], enrichment: Enrichment): Pool {
  const both = types.length === 2
  const [type] = types
  const views = both ? host.views : host.views.filter((view) => view.type === type)
  const members: Member[] = []
  for (const seen of host.addresses.entries) {
    if (!both && seen.type !== type) continue
    const place = locate(seen.key)
    if (place !== null) members.push(new Member(place, enrichment.factsOf(place.text), seen))
  }
  return members.length === 0 && views.length === 0
    ? NO_POOL
    : new Pool(members, views, sampledShare(host.addresses))
}
