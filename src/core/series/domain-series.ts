// What one assessment reads: the domain's own host, its zone, and the hosts of the zone's name servers.
import type { HostSeries } from './host-series.ts'
import type { ZoneSeries } from './zone-series.ts'

export interface DomainSeries {
  readonly domain: string
  readonly host: HostSeries
  /** Null while the zone has not been probed. */
  readonly zone: ZoneSeries | null
  readonly nameServers: readonly HostSeries[]
}
