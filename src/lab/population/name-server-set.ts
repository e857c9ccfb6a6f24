// The name servers of a flux member's zone: what all kinds of them have in common. Kinds: stable-servers.ts, moving-servers.ts.
import type { AuthorityZone, LabNameServer } from '../zones/zone.ts'
import type { Truth } from './member.ts'

export interface NameServerSet {
  readonly nameServers: Truth['nameServers']
  readonly servers: readonly LabNameServer[]
  /** Zones that the servers' names are in, when it is not the served zone itself. */
  readonly infrastructure: readonly AuthorityZone[]
  readonly nsTtlSeconds: number
  readonly nsAddressTtlSeconds: number
  readonly soaRetrySeconds: number
  readonly parameters: Readonly<Record<string, string | number>>
}
