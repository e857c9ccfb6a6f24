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
  const a = viewPool(series.host, 'A', enrichment)
  const aaaa = viewPool(series.host, 'AAAA', enrichment)
  const glue = series.zone?.delegation?.glue ?? []
  const nameServers = viewNameServers([...series.nameServers, ...glue], enrichment)
  return {
    series,
    enrichment,
    now,
    a,
    aaaa,
    nameServers,
    nameServerPool: unitePools(nameServers.map(({ pool }) => pool)),
    parentVantages: vantagesOf(glue),
    specialAddresses: series.host.addresses.entries.length - a.members.length - aaaa.members.length,
  }
}

/** Host series of one name, one for each who spoke of it, make one pool. */
function viewNameServers(hosts: readonly HostSeries[], enrichment: Enrichment): readonly NameServerView[] {
  const nameServers: NameServerView[] = []
  for (const series of hosts) {
    const pool = viewPool(series, null, enrichment)
    const at = nameServers.findIndex(({ host }) => host === series.name)
    if (at < 0) nameServers.push({ host: series.name, pool })
    else nameServers[at] = { host: series.name, pool: unitePools([nameServers[at]!.pool, pool]) }
  }
  return nameServers.toSorted((a, b) => (a.host < b.host ? -1 : 1))
}

const NOBODY: ReadonlySet<string> = new Set()

function vantagesOf(hosts: readonly HostSeries[]): ReadonlySet<string> {
  return hosts.length === 0
    ? NOBODY
    : new Set(hosts.flatMap((host) => host.views.map((view) => view.vantage)))
}

/** `type`: null for both families together. */
function viewPool(host: HostSeries, type: AddressType | null, enrichment: Enrichment): Pool {
  const views = type === null ? host.views : host.views.filter((view) => view.type === type)
  const members: Member[] = []
  for (const seen of host.addresses.entries) {
    if (type !== null && seen.type !== type) continue
    const place = locate(seen.key)
    if (place !== null) members.push(new Member(place, enrichment.factsOf(place.text), seen))
  }
  return members.length === 0 && views.length === 0
    ? NO_POOL
    : new Pool(members, views, sampledShare(host.addresses))
}
