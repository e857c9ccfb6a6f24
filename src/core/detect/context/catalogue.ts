// Every context list. The order means nothing: findings come in order of strength.
import { CDN_OWNERS } from './cdn-owners.ts'
import { CDN } from './cdn.ts'
import { CLOUD_BALANCERS } from './cloud-balancers.ts'
import type { ContextList } from './context-list.ts'
import { DNS_SEEDS } from './dns-seeds.ts'
import { DYNAMIC_DNS } from './dynamic-dns.ts'
import { MIRRORS } from './mirrors.ts'
import { PARKING } from './parking.ts'
import { SINKHOLES } from './sinkholes.ts'
import { VOLUNTEER_POOLS } from './volunteer-pools.ts'

/** Compared with names: the name, the CNAME targets, the name servers. */
export const NAME_LISTS: readonly ContextList[] = [
  VOLUNTEER_POOLS,
  MIRRORS,
  DNS_SEEDS,
  CDN,
  CLOUD_BALANCERS,
  DYNAMIC_DNS,
  PARKING,
  SINKHOLES,
]

/** Compared with the owners of the addresses. */
export const OWNER_LIST: ContextList = CDN_OWNERS
