// What every part of the bench stands on: an authority for three resolvers, folders, cores, and how a process of the service is
// started on them. Ends what it started.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startAuthority, type Authority, type AuthorityKind } from '../authority.ts'
import { chooseCores, type Cores } from '../cores.ts'
import { startBenchRedis, type BenchRedis } from './bench-redis.ts'
import { seed, seederOn, type SeedOrder } from './seed.ts'
import { JumpingClock } from './jumping-clock.ts'
import { ServiceChild } from './service-child.ts'
import type { ServiceOrder } from './service-order.ts'
import { nameOf, RESOLVERS, zonesOf } from './watched-names.ts'

export interface StageOptions {
  /** Names that the authority knows. */
  readonly names: number
  readonly authority: AuthorityKind | undefined
  readonly udpEngine: ServiceOrder['udpEngine']
  /** Where CPU profiles of measured laps go; null: none are made. */
  readonly profiles: string | null
  readonly progress: (line: string) => void
}

export type ServiceStart = Pick<ServiceOrder, 'role'> & Partial<Pick<ServiceOrder, 'history' | 'offsetMs'>>

export class Stage {
  readonly cores: Cores
  readonly authority: Authority
  readonly folder: string
  readonly options: StageOptions
  readonly #compiled: string
  #folders = 0

  private constructor(folder: string, cores: Cores, authority: Authority, options: StageOptions) {
    this.folder = folder
    this.#compiled = join(folder, 'compiled')
    this.cores = cores
    this.authority = authority
    this.options = options
  }

  static async open(options: StageOptions): Promise<Stage> {
    const cores = chooseCores()
    if (cores.note !== null) options.progress(cores.note)
    const folder = mkdtempSync(join(tmpdir(), 'fw-bench-'))
    const extent = { addresses: RESOLVERS, zones: zonesOf(options.names) }
    const authority = await startAuthority(folder, cores.server, options.authority, extent)
    options.progress(`authority: ${authority.name} on port ${authority.port}`)
    return new Stage(folder, cores, authority, options)
  }

  /** An empty Redis beside the authority, or, not `pinned`, anywhere. */
  redis(place: 'pinned' | 'anywhere' = 'pinned'): Promise<BenchRedis> {
    return startBenchRedis(place === 'pinned' ? this.cores.server : null)
  }

  async seed(redis: BenchRedis, order: SeedOrder): Promise<void> {
    const seeder = seederOn(redis.client, redis.subscriber, new JumpingClock())
    let told = 0
    await seed(seeder, order, (done) => {
      if (done - told < SEED_TOLD_EVERY && done < order.count) return
      told = done
      this.options.progress(`seeded ${done.toLocaleString('en')} of ${order.count.toLocaleString('en')}`)
    })
    await redis.settle()
  }

  /** Rejects unless the first of the names are still settled: a lap of names that move would measure something else. */
  async checkSettled(redis: BenchRedis): Promise<void> {
    const { domains } = seederOn(redis.client, redis.subscriber, new JumpingClock())
    for (const domain of await domains.getMany(Array.from({ length: CHECKED_NAMES }, (_, n) => nameOf(n))))
      if (domain.verdict !== 'no_flux_seen') throw new Error(`${domain.domain} became ${domain.verdict}`)
  }

  /** A process of the service on that Redis, with a data folder of its own, on the client's core. */
  async service(
    redis: BenchRedis,
    start: ServiceStart,
    place: 'pinned' | 'anywhere' = 'pinned',
  ): Promise<ServiceChild & { readonly dataDirectory: string }> {
    this.#folders += 1
    const dataDirectory = join(this.folder, `data-${this.#folders}`)
    const order = { ...this.#order(redis.socketPath, dataDirectory), ...start }
    const child = await ServiceChild.start(
      order,
      place === 'pinned' ? this.cores.client : null,
      this.#compiled,
    )
    return Object.assign(child, { dataDirectory })
  }

  /** The app that answers a constant of so many octets. */
  constant(constantOctets: number): Promise<ServiceChild> {
    const order: ServiceOrder = { ...this.#order('', this.folder), role: 'constant', constantOctets }
    return ServiceChild.start(order, this.cores.client, this.#compiled)
  }

  #order(socketPath: string, dataDirectory: string): Omit<ServiceOrder, 'role'> {
    return {
      socketPath,
      dataDirectory,
      authorityPort: this.authority.port,
      udpEngine: this.options.udpEngine,
      history: 'none',
      offsetMs: 0,
      constantOctets: 0,
    }
  }

  async close(): Promise<void> {
    await this.authority.close()
    rmSync(this.folder, { recursive: true, force: true })
  }
}

const SEED_TOLD_EVERY = 50_000
const CHECKED_NAMES = 50
