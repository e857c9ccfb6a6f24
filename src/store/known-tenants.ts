// Which tenants have targets in a partition: read now and then, since tenants come seldom.
import { DEFAULT_TENANT } from '../core/model/tenant.ts'
import { keys, type Partition } from './keys.ts'
import type { LiveRedis } from './redis.ts'

/** A new tenant's first targets wait so much longer at most; real time. */
const KEPT_MS = 1_000

export class KnownTenants {
  readonly #redis: LiveRedis
  readonly #known = new Map<Partition, { readonly tenants: readonly string[]; readonly untilMs: number }>()

  constructor(redis: LiveRedis) {
    this.#redis = redis
  }

  /** The one without a name first, the others sorted. */
  async of(partition: Partition): Promise<readonly string[]> {
    const now = performance.now()
    const known = this.#known.get(partition)
    return known && now < known.untilMs ? known.tenants : this.read(partition)
  }

  /** The same, as it is now. */
  async read(partition: Partition): Promise<readonly string[]> {
    const named = await this.#redis.smembers(keys.tenants(partition))
    const tenants = [DEFAULT_TENANT, ...named.toSorted()]
    this.#known.set(partition, { tenants, untilMs: performance.now() + KEPT_MS })
    return tenants
  }
}
