// Opens the lab: a world, its resolvers on loopback, and the address databases that go with it.
import type { Clock } from '../core/clock.ts'
import { openLabResolvers } from './lab-resolvers.ts'
import { writeLabDatabases } from './mmdb-databases.ts'
import { createWorld } from './world.ts'
import type { World } from './world.ts'

/** A resolver as FLUXWATCH_VANTAGES names it. */
export interface LabVantage {
  readonly id: string
  readonly protocol: 'udp'
  readonly server: string
  readonly qps: number
}

export interface LabOptions {
  /** The same seed makes the same world. */
  readonly seed: number | string
  /** The time that TTLs and rotations follow; the world begins at its present. */
  readonly clock: Pick<Clock, 'now'>
  /** Where `asn.mmdb` and `country.mmdb` are written; made when it is missing. */
  readonly directory: string
  /** Ports of the resolvers in the order eu, us, asia, farm; what is missing or 0 the operating system chooses. */
  readonly ports?: readonly number[]
  /** Adds a fourth resolver, `lab-farm`, with so many caches behind one address. */
  readonly farm?: number
}

export interface Lab {
  readonly world: World
  readonly vantages: readonly LabVantage[]
  readonly asnMmdb: string
  readonly countryMmdb: string
  close(): Promise<void>
}

/** Loopback bears it; a real resolver would not. */
const QUERIES_PER_SECOND = 2000

/** Everything listens, and the databases are written, when this resolves. */
export async function startLab(options: LabOptions): Promise<Lab> {
  const startAt = options.clock.now()
  const world = createWorld({ seed: options.seed, startAt })
  const databases = await writeLabDatabases(world.addressPlan, {
    directory: options.directory,
    builtAt: startAt,
  })
  const resolvers = await openLabResolvers({ world, ...options })
  return {
    world,
    ...databases,
    vantages: resolvers.map(({ id, server }) => ({ id, protocol: 'udp', server, qps: QUERIES_PER_SECOND })),
    async close() {
      await Promise.all(resolvers.map((resolver) => resolver.close()))
    },
  }
}
