// The resolvers that the service asks in the lab: one per region on loopback, each with a cache of its own, and if wanted
// a farm, which is several caches behind one address.
import type { Clock } from '../core/clock.ts'
import type { QuestionType } from '../core/dns/record.ts'
import { createCachingResolver } from './caching-resolver.ts'
import type { CachingResolver } from './caching-resolver.ts'
import type { LabMessage, LabQuery } from './dns-message.ts'
import { openDnsServer } from './dns-server.ts'
import { createDice } from './random.ts'
import type { Label } from './random.ts'
import { LAB_REGIONS } from './regions.ts'
import type { LabRegion } from './regions.ts'
import type { World } from './world.ts'

export interface LabResolver {
  /** `lab-eu`, `lab-us`, `lab-asia`, `lab-farm`. */
  readonly id: string
  readonly region: LabRegion
  /** `127.0.0.1:5301` */
  readonly server: string
  close(): Promise<void>
}

export interface LabResolversOptions {
  readonly world: World
  readonly clock: Pick<Clock, 'now'>
  readonly seed: Label
  /** In the order eu, us, asia, farm; what is missing or 0 the operating system chooses. */
  readonly ports?: readonly number[]
  /** How many caches the farm (`lab-farm`, in Europe) has; without it there is none. */
  readonly farm?: number
}

/** They listen when this resolves. When one port cannot be had, none is left open and the socket's error comes out. */
export async function openLabResolvers(options: LabResolversOptions): Promise<readonly LabResolver[]> {
  const { world, clock } = options
  const plans: { id: string; region: LabRegion; caches: readonly CachingResolver[] }[] = LAB_REGIONS.map(
    (region) => ({
      id: `lab-${region}`,
      region,
      // One of the three is terse, as many are: what is beside the answer must not be needed.
      caches: [createCachingResolver({ world, clock, region, minimalResponses: region === 'us' })],
    }),
  )
  if (options.farm) {
    const caches = Array.from({ length: options.farm }, () =>
      createCachingResolver({ world, clock, region: 'eu' }),
    )
    plans.push({ id: 'lab-farm', region: 'eu', caches })
  }

  const opened: LabResolver[] = []
  try {
    for (const [index, plan] of plans.entries()) {
      const choose = chooserOf(plan.caches, plan.id, options.seed)
      const server = await openDnsServer({
        address: '127.0.0.1',
        port: options.ports?.[index] ?? 0,
        handler: (query) => answerQuery(query, choose()),
      })
      opened.push({
        id: plan.id,
        region: plan.region,
        server: `${server.address}:${server.port}`,
        close: () => server.close(),
      })
    }
  } catch (error) {
    await Promise.all(opened.map((resolver) => resolver.close()))
    throw error
  }
  return opened
}

/** Which cache of the farm a query meets: random, but the same sequence for the same seed. */
function chooserOf(caches: readonly CachingResolver[], id: string, seed: Label): () => CachingResolver {
  const dice = createDice(seed)
  let queries = 0
  return () => caches[dice.below(caches.length, 'farm', id, queries++)]!
}

function answerQuery(query: LabQuery, resolver: CachingResolver): LabMessage | null {
  // The lab knows no more types than fluxwatch asks; for another one the zone says NODATA, as it should.
  const reply = resolver.resolve({ name: query.name, type: query.type as QuestionType })
  // A resolver that waits for dead servers outlasts its client's patience.
  if (reply.rcode === 'TIMEOUT') return null
  return { ...reply, rcode: reply.rcode, authoritative: false, recursionAvailable: true }
}
