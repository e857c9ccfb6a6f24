// The live state on a cluster, put together as the service does it: one connection for requests, one for work, one that
// subscribes. Names are spread over all partitions, and so over all masters.
import { afterAll, beforeAll } from 'vitest'
import { ready, connectForRequests, connectForWork, type LiveRedis } from '../../src/store/redis.ts'
import { LiveDomains } from '../../src/store/live-domains.ts'
import { LiveScans } from '../../src/store/live-scans.ts'
import { LiveTargets } from '../../src/store/live-targets.ts'
import { OutboxReader } from '../../src/store/outbox-reader.ts'
import { VerdictSignal } from '../../src/store/verdict-signal.ts'
import { SteppedClock } from '../lab/stepped-clock.ts'
import { DEFAULT_POLICY } from '../../src/core/policy.ts'
import { TestCluster } from '../support/redis-cluster.ts'
import { NO_ENRICHMENT, T } from '../store/live-house.ts'

export class StateOnRedis {
  readonly url: string
  readonly requests: LiveRedis
  readonly work: LiveRedis
  readonly targets: LiveTargets
  readonly domains: LiveDomains
  readonly scans: LiveScans
  readonly clock = new SteppedClock(T)
  readonly #open: LiveRedis[] = []

  private constructor(url: string, requests: LiveRedis, work: LiveRedis, subscriber: LiveRedis) {
    this.url = url
    this.requests = requests
    this.work = work
    this.#open.push(requests, work, subscriber)
    const signal = new VerdictSignal(subscriber)
    const { clock } = this
    this.targets = new LiveTargets(work)
    this.domains = new LiveDomains({
      redis: requests,
      targets: new LiveTargets(requests),
      signal,
      clock,
      enrichment: NO_ENRICHMENT,
      policy: DEFAULT_POLICY,
    })
    this.scans = new LiveScans({ redis: requests, domains: this.domains, clock })
  }

  /** `url` is a `REDIS_URL`. */
  static async open(url: string): Promise<StateOnRedis> {
    const [requests, work, subscriber] = await Promise.all([
      ready(quiet(connectForRequests({ url }))),
      ready(quiet(connectForWork({ url }))),
      ready(quiet(connectForWork({ url }))),
    ])
    return new StateOnRedis(url, requests, work, subscriber)
  }

  async workConnection(): Promise<LiveRedis> {
    const redis = await ready(quiet(connectForWork({ url: this.url })))
    this.#open.push(redis)
    return redis
  }

  async requestConnection(): Promise<LiveRedis> {
    const redis = await ready(quiet(connectForRequests({ url: this.url })))
    this.#open.push(redis)
    return redis
  }

  /** A sealed scan with these domains, watched for an hour. */
  async scan(domains: readonly string[]): Promise<string> {
    const id = await this.scans.open({ tags: [], watchForSeconds: 3600, intervalSeconds: null })
    await this.scans.add(id, domains)
    await this.scans.seal(id)
    return id
  }

  /** Everything that is in the streams now, in order within a stream; they are empty afterwards. */
  async drain(streams: readonly string[], field: string): Promise<Buffer[]> {
    const payloads: Buffer[] = []
    const reader = new OutboxReader(await this.workConnection(), {
      group: 'test',
      consumer: 'one',
      streams,
      field,
    })
    await reader.start(async (found) => {
      payloads.push(...found)
    })
    await reader.stop(20_000)
    return payloads
  }

  close(): void {
    for (const redis of this.#open) redis.disconnect()
  }
}

/** A cluster of three masters with replicas and the live state on it, for the tests of the file that calls this. */
export function clusterHouse(): { readonly cluster: TestCluster; readonly state: StateOnRedis } {
  let cluster: TestCluster | undefined
  let state: StateOnRedis | undefined
  beforeAll(async () => {
    cluster = await TestCluster.start()
    state = await StateOnRedis.open(cluster.url)
  })
  afterAll(async () => {
    state?.close()
    await cluster?.stop()
  })
  return {
    get cluster() {
      return cluster!
    },
    get state() {
      return state!
    },
  }
}

/** A lost server is what these tests are about; nobody needs to be told. */
export function quiet<Connection extends LiveRedis>(redis: Connection): Connection {
  redis.on('error', () => {})
  return redis
}

/** `n000.example` and so on: of 60, every partition has some. */
export function names(count: number): string[] {
  return Array.from({ length: count }, (_, index) => `n${String(index).padStart(3, '0')}.example`)
}
