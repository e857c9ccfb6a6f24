// The API's ports on plain maps: an honest implementation for one process that forgets everything. What a store behind
// the API must do, these do, without Redis; `outage` makes them fail like a Redis that is gone.
import { EventEmitter, once } from 'node:events'
import type { Assessment, VerdictName } from '../../src/core/model/assessment.ts'
import { VERDICT_NAMES } from '../../src/core/model/assessment.ts'
import type { FluxEvent } from '../../src/core/model/event.ts'
import type { NetworkMember, NetworkSummary } from '../../src/core/model/network.ts'
import type { TargetId } from '../../src/core/model/target.ts'
import type { Page, Scan, WatchedDomain } from '../../src/core/model/watch.ts'
import type { Delivery, WebhookEndpoint } from '../../src/core/model/webhook.ts'
import { isOfFirstRound, windowStart } from '../../src/core/history/thinned-rounds.ts'
import { FluxError } from '../../src/core/errors.ts'
import type {
  ApiPorts,
  Domains,
  Health,
  HealthCheck,
  IdempotencyKeys,
  ObservationHistory,
  ScanOptions,
  Scans,
  Webhooks,
} from '../../src/api/ports.ts'
import type { StoredObservation } from '../../src/core/model/observation.ts'
import type { AddressPlace } from '../../src/core/model/seen-record.ts'
import { pageOf } from './in-memory-page.ts'
import { InMemoryRecords } from './in-memory-records.ts'

export const START_MS = Date.UTC(2026, 10, 22, 12, 0, 0)

type Mutable<T> = { -readonly [K in keyof T]: T[K] }

interface ScanRecord {
  readonly options: ScanOptions
  readonly domains: Set<string>
  sealed: boolean
  cancelled: boolean
}

export class InMemoryHouse {
  readonly scans = new Map<string, ScanRecord>()
  readonly domains = new Map<string, Mutable<WatchedDomain>>()
  readonly observations: StoredObservation[] = []
  /** Where addresses are; those that are not here are not placed. */
  readonly places = new Map<string, AddressPlace>()
  /** Networks of flagged names with their members, in the order in which they formed. */
  readonly networks = new Map<NetworkSummary, readonly NetworkMember[]>()
  readonly endpoints = new Map<string, WebhookEndpoint>()
  readonly deliveries = new Map<string, Delivery>()
  /** Names whose operators asked not to be probed. */
  readonly optedOut = new Set<string>()
  readonly answers = new Map<string, { fingerprint: string; answer: string | null }>()
  readonly changes = new EventEmitter().setMaxListeners(0)
  checks: readonly HealthCheck[] = [{ name: 'redis', ok: true, required: true, detail: 'Redis answers.' }]
  /** Set: every call that needs the store fails with it. */
  outage: Error | null = null
  /** How many more `add` calls succeed before the store is gone. */
  addsUntilOutage = Infinity
  nowMs = START_MS
  #lastId = 0

  readonly ports: ApiPorts = {
    scans: new InMemoryScans(this),
    domains: new InMemoryDomains(this),
    history: new InMemoryHistory(this),
    records: new InMemoryRecords(() => {
      this.reach()
      return this.observations
    }, this.places),
    clock: { now: () => this.nowMs },
    networks: {
      list: async ({ active, cursor, limit }) => {
        this.reach()
        const all = [...this.networks.keys()].toReversed()
        return pageOf(
          all.filter(({ endedAt }) => active === null || active === (endedAt === null)),
          cursor,
          limit,
        )
      },
      get: async (id) => {
        this.reach()
        return [...this.networks.keys()].find((network) => network.id === id) ?? null
      },
      members: async (id, { cursor, limit }) => {
        this.reach()
        const found = [...this.networks].find(([network]) => network.id === id)
        return pageOf(found?.[1] ?? [], cursor, limit)
      },
    },
    addresses: {
      factsOf: (address) => this.places.get(address) ?? { asn: null, organisation: null, country: null },
    },
    optOut: { coversName: (name) => this.optedOut.has(name) },
    webhooks: new InMemoryWebhooks(this),
    idempotency: new InMemoryIdempotencyKeys(this),
    health: new InMemoryHealth(this),
    metrics: {
      contentType: 'text/plain; version=0.0.4; charset=utf-8',
      metrics: async () => 'fluxwatch_up 1\n',
    },
  }

  nextId(prefix: string): string {
    return `${prefix}${String(++this.#lastId).padStart(6, '0')}`
  }

  reach(): void {
    if (this.outage) throw this.outage
  }

  /** What a committed round does: the domain has a new assessment, and who waits hears of it. */
  assess(assessment: Assessment): void {
    const domain = this.domains.get(assessment.domain)
    if (!domain) throw new Error(`${assessment.domain} is not watched`)
    domain.assessment = assessment
    domain.verdict = assessment.verdict
    if (assessment.verdict === 'flux') domain.firstFlaggedAt ??= assessment.asOf
    this.changes.emit(assessment.domain)
  }

  watch(name: string, options: ScanOptions): void {
    const known = this.domains.get(name)
    this.domains.set(name, {
      domain: name,
      addedAt: START_MS,
      firstFlaggedAt: null,
      verdict: 'pending',
      assessment: null,
      ...known,
      tags: [...new Set([...(known?.tags ?? []), ...options.tags])],
      watchUntil: START_MS + options.watchForSeconds * 1000,
      watching: true,
    })
  }
}

/** The error of an ioredis client whose server is gone. */
export function connectionRefused(): Error {
  return Object.assign(new Error('connect ECONNREFUSED 127.0.0.1:6379'), { code: 'ECONNREFUSED' })
}

class InMemoryScans implements Scans {
  readonly #house: InMemoryHouse
  constructor(house: InMemoryHouse) {
    this.#house = house
  }

  async open(options: ScanOptions): Promise<string> {
    this.#house.reach()
    const id = this.#house.nextId('scan')
    this.#house.scans.set(id, { options, domains: new Set(), sealed: false, cancelled: false })
    return id
  }

  async add(scan: string, domains: readonly string[]): Promise<{ added: number }> {
    const house = this.#house
    house.reach()
    if (house.addsUntilOutage-- <= 0) {
      house.outage = connectionRefused()
      throw house.outage
    }
    const record = house.scans.get(scan)
    if (!record) throw new Error(`no scan ${scan}`)
    const before = record.domains.size
    for (const name of domains) {
      record.domains.add(name)
      house.watch(name, record.options)
    }
    return { added: record.domains.size - before }
  }

  async seal(scan: string): Promise<void> {
    this.#house.reach()
    const record = this.#house.scans.get(scan)
    if (record) record.sealed = true
  }

  async get(scan: string): Promise<Scan | null> {
    this.#house.reach()
    const record = this.#house.scans.get(scan)
    if (!record) return null
    const verdicts = Object.fromEntries(VERDICT_NAMES.map((name) => [name, 0])) as Record<VerdictName, number>
    let settled = 0
    for (const { verdict, watching } of this.#domainsOf(record)) {
      verdicts[verdict]++
      if (verdict !== 'pending' || !watching) settled++
    }
    const completed = record.sealed && settled === record.domains.size
    const state = record.cancelled ? 'cancelled' : completed ? 'completed' : 'running'
    return {
      id: scan,
      state,
      createdAt: START_MS,
      endedAt: state === 'running' ? null : START_MS,
      tags: record.options.tags,
      watchForSeconds: record.options.watchForSeconds,
      intervalSeconds: record.options.intervalSeconds,
      domains: record.domains.size,
      settled,
      verdicts,
    }
  }

  async verdicts(
    scan: string,
    query: { verdict: VerdictName | null; cursor: string | null; limit: number },
  ): Promise<Page<WatchedDomain> | null> {
    this.#house.reach()
    const record = this.#house.scans.get(scan)
    if (!record) return null
    const all = this.#domainsOf(record)
    const wanted = query.verdict === null ? all : all.filter(({ verdict }) => verdict === query.verdict)
    return pageOf(wanted, query.cursor, query.limit)
  }

  async cancel(scan: string): Promise<boolean> {
    this.#house.reach()
    const record = this.#house.scans.get(scan)
    if (!record) return false
    record.cancelled = true
    const others = [...this.#house.scans.values()].filter((each) => !each.cancelled)
    for (const domain of this.#domainsOf(record)) {
      domain.watching = others.some((each) => each.domains.has(domain.domain))
    }
    return true
  }

  #domainsOf(record: ScanRecord): Mutable<WatchedDomain>[] {
    return [...record.domains].map((name) => this.#house.domains.get(name)!)
  }
}

class InMemoryDomains implements Domains {
  readonly #house: InMemoryHouse
  constructor(house: InMemoryHouse) {
    this.#house = house
  }

  async get(domain: string): Promise<WatchedDomain | null> {
    this.#house.reach()
    return this.#house.domains.get(domain) ?? null
  }

  /** What a domain is, is its stamp. */
  async stampOf(domain: string): Promise<string | null> {
    this.#house.reach()
    const watched = this.#house.domains.get(domain)
    return watched === undefined ? null : JSON.stringify(watched)
  }

  async waitForVerdict(domain: string, ms: number, signal: AbortSignal): Promise<WatchedDomain | null> {
    this.#house.reach()
    const ends = AbortSignal.any([signal, AbortSignal.timeout(ms)])
    for (;;) {
      const watched = this.#house.domains.get(domain) ?? null
      if (!watched || watched.verdict !== 'pending' || ends.aborted) return watched
      // `waiting` tells a test that a request has arrived here, `left` that it stopped waiting.
      this.#house.changes.emit('waiting', domain)
      await once(this.#house.changes, domain, { signal: ends }).catch(() => {
        this.#house.changes.emit('left', domain)
      })
    }
  }

  async stop(domain: string): Promise<boolean> {
    this.#house.reach()
    const watched = this.#house.domains.get(domain)
    if (watched) watched.watching = false
    return watched !== undefined
  }

  async targetsOf(domain: string): Promise<readonly TargetId[]> {
    this.#house.reach()
    return [`host:${domain}`, `zone:${domain}`]
  }
}

class InMemoryHistory implements ObservationHistory {
  readonly #house: InMemoryHouse
  constructor(house: InMemoryHouse) {
    this.#house = house
  }

  async observations(
    query: Parameters<ObservationHistory['observations']>[0],
  ): Promise<Page<StoredObservation>> {
    this.#house.reach()
    const wanted = this.#house.observations
      .filter((each) => query.targets.includes(each.target))
      .filter((each) => each.at >= (query.from ?? -Infinity) && each.at < (query.to ?? Infinity))
      .filter((each) => query.vantage === null || each.vantage === query.vantage)
      .filter((each) => query.type === null || each.qtype === query.type)
      .toSorted((one, other) => one.at - other.at)
    const thinned = query.everyMs === null ? wanted : firstRounds(wanted, query.everyMs)
    return pageOf(thinned, query.cursor, query.limit)
  }
}

/** Of rows in order of time: those of the first round of each target in each window. */
function firstRounds(rows: readonly StoredObservation[], everyMs: number): StoredObservation[] {
  const first = new Map<string, StoredObservation>()
  return rows.filter((row) => {
    const window = `${row.target} ${windowStart(row.at, everyMs)}`
    if (!first.has(window)) first.set(window, row)
    return isOfFirstRound(first.get(window)!, row, everyMs)
  })
}

class InMemoryWebhooks implements Webhooks {
  readonly #house: InMemoryHouse
  constructor(house: InMemoryHouse) {
    this.#house = house
  }

  async create(endpoint: Parameters<Webhooks['create']>[0]): Promise<WebhookEndpoint> {
    this.#house.reach()
    if (!endpoint.url.startsWith('https://')) {
      const detail = `${endpoint.url} is not an https URL.`
      throw new FluxError('FLUX_WEBHOOK_URL_REFUSED', detail, [
        { pointer: '/url', code: 'url_refused', detail },
      ])
    }
    const id = this.#house.nextId('hook')
    const made: WebhookEndpoint = {
      ...endpoint,
      id,
      secret: endpoint.secret ?? 'whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYX',
      createdAt: START_MS,
      disabledAt: null,
      disabledReason: null,
    }
    this.#house.endpoints.set(id, made)
    return made
  }

  async list(query: { cursor: string | null; limit: number }): Promise<Page<WebhookEndpoint>> {
    this.#house.reach()
    return pageOf([...this.#house.endpoints.values()], query.cursor, query.limit)
  }

  async get(id: string): Promise<WebhookEndpoint | null> {
    this.#house.reach()
    return this.#house.endpoints.get(id) ?? null
  }

  async remove(id: string): Promise<boolean> {
    this.#house.reach()
    return this.#house.endpoints.delete(id)
  }

  async test(id: string): Promise<Delivery | null> {
    this.#house.reach()
    if (!this.#house.endpoints.has(id)) return null
    return this.#deliver(id, {
      id: this.#house.nextId('event'),
      type: 'endpoint.test',
      timestamp: new Date(START_MS).toISOString(),
      data: { message: 'This is a test.' },
    })
  }

  async deliveries(
    id: string,
    query: { cursor: string | null; limit: number },
  ): Promise<Page<Delivery> | null> {
    this.#house.reach()
    if (!this.#house.endpoints.has(id)) return null
    const own = [...this.#house.deliveries.values()].filter(({ endpoint }) => endpoint === id)
    return pageOf(own.toReversed(), query.cursor, query.limit)
  }

  async redeliver(id: string, delivery: string): Promise<Delivery | null> {
    this.#house.reach()
    const old = this.#house.deliveries.get(delivery)
    return old?.endpoint === id ? this.#deliver(id, old.event) : null
  }

  #deliver(endpoint: string, event: FluxEvent): Delivery {
    const id = this.#house.nextId('delivery')
    const attempt = { at: START_MS, status: 204, error: null, durationMs: 12 }
    const made: Delivery = {
      id,
      endpoint,
      event,
      state: 'delivered',
      createdAt: START_MS,
      attempts: [attempt],
    }
    this.#house.deliveries.set(id, made)
    return made
  }
}

class InMemoryIdempotencyKeys implements IdempotencyKeys {
  readonly #house: InMemoryHouse
  constructor(house: InMemoryHouse) {
    this.#house = house
  }

  async begin(key: string, fingerprint: string): ReturnType<IdempotencyKeys['begin']> {
    this.#house.reach()
    const known = this.#house.answers.get(key)
    if (!known) {
      this.#house.answers.set(key, { fingerprint, answer: null })
      return { state: 'new' }
    }
    if (known.fingerprint !== fingerprint) return { state: 'mismatch' }
    return known.answer === null ? { state: 'running' } : { state: 'done', answer: known.answer }
  }

  async finish(key: string, answer: string): Promise<void> {
    this.#house.reach()
    const known = this.#house.answers.get(key)
    if (known) known.answer = answer
  }

  async release(key: string): Promise<void> {
    this.#house.reach()
    this.#house.answers.delete(key)
  }
}

class InMemoryHealth implements Health {
  readonly #house: InMemoryHouse
  constructor(house: InMemoryHouse) {
    this.#house = house
  }

  async check(): Promise<readonly HealthCheck[]> {
    return this.#house.checks
  }
}
