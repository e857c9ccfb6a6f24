// Every class of the simulated Internet. A new one is a file with a builder and a line here.
import { cdn, cdnOnNet } from './cdn.ts'
import { classicSingleFlux } from './classic-single-flux.ts'
import { cloudBalancer } from './cloud-balancer.ts'
import { dnsSeed } from './dns-seed.ts'
import { doubleFlux } from './double-flux.ts'
import { dynDns } from './dyn-dns.ts'
import { migration } from './migration.ts'
import { mirrors } from './mirrors.ts'
import { nsFlux } from './ns-flux.ts'
import { oneAddressFlux } from './one-address-flux.ts'
import { regionalFlux } from './regional-flux.ts'
import { roundRobin } from './round-robin.ts'
import { slowFlux } from './slow-flux.ts'
import { staticSites } from './static.ts'
import { nxdomain, servfail, timeout } from './unresolvable.ts'
import { volunteerPool } from './volunteer-pool.ts'
import type { ZoneContext, ZoneSet } from './zone.ts'

export const ZONE_CLASSES: readonly ((context: ZoneContext) => ZoneSet)[] = [
  classicSingleFlux,
  oneAddressFlux,
  nsFlux,
  doubleFlux,
  slowFlux,
  regionalFlux,
  cdn,
  cdnOnNet,
  roundRobin,
  volunteerPool,
  mirrors,
  cloudBalancer,
  dynDns,
  staticSites,
  dnsSeed,
  migration,
  nxdomain,
  servfail,
  timeout,
]
