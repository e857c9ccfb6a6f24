// The benign groups of the population: everything that looks like flux in some way and is not. A new one is a group in its
// family's file and a line here.
import { CDN } from './benign-cdn.ts'
import { MIGRATION, PARKING } from './benign-changing-sites.ts'
import { ANYCAST_SET, CLOUD_BALANCER } from './benign-clouds.ts'
import { DNS_SEED } from './benign-dns-seed.ts'
import { DYN_DNS, HOME_CLUSTER } from './benign-homes.ts'
import { GEO_MIRRORS, MIRRORS, RBL_MAIL } from './benign-mirrors.ts'
import { MULTI_CDN } from './benign-multi-cdn.ts'
import { VOLUNTEER_POOL } from './benign-volunteer-pool.ts'
import { ROUND_ROBIN, STATIC } from './benign-still-sites.ts'
import type { MemberGroup } from './member.ts'

export const BENIGN_GROUPS: readonly MemberGroup[] = [
  STATIC,
  ROUND_ROBIN,
  CDN,
  MULTI_CDN,
  CLOUD_BALANCER,
  VOLUNTEER_POOL,
  MIRRORS,
  GEO_MIRRORS,
  RBL_MAIL,
  ANYCAST_SET,
  DYN_DNS,
  HOME_CLUSTER,
  DNS_SEED,
  PARKING,
  MIGRATION,
]
