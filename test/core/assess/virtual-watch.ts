// Watches a zone of the simulated Internet in virtual time, as the service would: regional caching resolvers that count
// down, rounds when the schedule says so, series folded, every host round assessed. No sockets, no timers.
import { assess } from '../../../src/core/assess.ts'
import type { Question, QuestionType, ResourceRecord } from '../../../src/core/dns/record.ts'
import type { Outcome } from '../../../src/core/dns/reply.ts'
import type { Enrichment } from '../../../src/core/model/address-facts.ts'
import type { Assessment, VerdictName } from '../../../src/core/model/assessment.ts'
import type { Observation } from '../../../src/core/model/observation.ts'
import type { Target } from '../../../src/core/model/target.ts'
import { registrableDomain } from '../../../src/core/names/registrable-domain.ts'
import { DEFAULT_POLICY } from '../../../src/core/policy.ts'
import { nextSharedProbe } from '../../../src/core/schedule/next-probe.ts'
import { questionsFor } from '../../../src/core/schedule/questions.ts'
import { foldHostRound, newHostSeries } from '../../../src/core/series/host-series.ts'
import type { HostSeries } from '../../../src/core/series/host-series.ts'
import { currentNameServers, foldZoneRound, newZoneSeries } from '../../../src/core/series/zone-series.ts'
import type { ZoneSeries } from '../../../src/core/series/zone-series.ts'
import { LAB_REGIONS } from '../../../src/lab/regions.ts'
import type { LabRegion } from '../../../src/lab/regions.ts'
import type { LabReply, World } from '../../../src/lab/world.ts'
import type { LabZone } from '../../../src/lab/zones/zone.ts'

/** A recursive resolver of one region with an honest cache: every RRset is kept until its TTL has run out. */
export class CachingView {
  readonly region: LabRegion
  readonly #world: World
  readonly #cache = new Map<string, { expiresAt: number; records: readonly ResourceRecord[] }>()

  constructor(world: World, region: LabRegion) {
    this.#world = world
    this.region = region
  }

  ask(question: Question, at: number): LabReply {
    const answer: ResourceRecord[] = []
    let name = question.name
    for (let hop = 0; hop < 9; hop += 1) {
      const cached = this.#cached(name, question.type, at) ?? this.#cached(name, 'CNAME', at)
      if (cached === null) {
        const reply = this.#world.resolve({ name, type: question.type }, { at, region: this.region })
        this.#keep(reply.answer, at)
        return { ...reply, answer: [...answer, ...reply.answer] }
      }
      answer.push(...cached)
      const alias = cached.find((record) => record.type === 'CNAME')
      if (alias === undefined) return { rcode: 'NOERROR', answer, authority: [], additional: [] }
      name = alias.data
    }
    throw new Error(`CNAME loop at ${question.name}`)
  }

  #cached(name: string, type: string, at: number): readonly ResourceRecord[] | null {
    const held = this.#cache.get(`${name} ${type}`)
    if (held === undefined || held.expiresAt <= at) return null
    const ttlSeconds = Math.floor((held.expiresAt - at) / 1000)
    return held.records.map((record) => ({ ...record, ttlSeconds }))
  }

  #keep(records: readonly ResourceRecord[], at: number): void {
    for (const [key, set] of Map.groupBy(records, (record) => `${record.name} ${record.type}`)) {
      const ttlSeconds = Math.min(...set.map((record) => record.ttlSeconds))
      if (ttlSeconds > 0) this.#cache.set(key, { expiresAt: at + ttlSeconds * 1000, records: set })
    }
  }
}

export interface WatchResult {
  readonly zone: LabZone
  readonly last: Assessment
  /** Seconds from the start to the first assessment with this verdict; absent when it never came. */
  readonly firstAt: Partial<Record<VerdictName, number>>
  /** Every verdict in the order in which they came, without repeats. */
  readonly path: readonly VerdictName[]
  readonly everFlux: boolean
  readonly roundsOfHost: number
}

/** How long the n-th reply of a watch takes, ms. */
export type ReplyDelay = (n: number) => number

const PROMPT: ReplyDelay = () => 40

/** Watches one zone for so many virtual seconds. */
export function watchZone(
  world: World,
  zone: LabZone,
  enrichment: Enrichment,
  forSeconds: number,
  delayOf: ReplyDelay = PROMPT,
): WatchResult {
  let replies = 0
  const nextDelay = (): number => delayOf((replies += 1))
  const views = LAB_REGIONS.map((region) => new CachingView(world, region))
  const end = world.startAt + forSeconds * 1000
  let host = newHostSeries(zone.host)
  let delegation = newZoneSeries(registrableDomain(zone.host) ?? zone.host)
  const servers = new Map<string, HostSeries>()
  const due = new Map<string, number>([
    ['zone', world.startAt],
    ['host', world.startAt + 1],
  ])
  let last: Assessment | null = null
  const firstAt: Partial<Record<VerdictName, number>> = {}
  const path: VerdictName[] = []

  for (;;) {
    const [id, now] = [...due].toSorted((a, b) => a[1] - b[1])[0]!
    if (now > end) break
    if (id === 'zone') {
      delegation = foldZoneRound(delegation, roundOf(views, 'zone', delegation, now, nextDelay))
      for (const name of currentNameServers(delegation, now)) {
        if (!servers.has(name)) due.set(name, now)
        servers.set(name, servers.get(name) ?? newHostSeries(name))
      }
      due.set(id, nextSharedProbe(delegation, DEFAULT_POLICY, now))
    } else if (id === 'host') {
      host = foldHostRound(host, roundOf(views, 'host', host, now, nextDelay))
      const series = { domain: zone.host, host, zone: delegation, nameServers: [...servers.values()] }
      last = assess(series, enrichment, DEFAULT_POLICY, now, last?.verdict ?? null)
      firstAt[last.verdict] ??= Math.round((now - world.startAt) / 1000)
      if (path.at(-1) !== last.verdict) path.push(last.verdict)
      due.set(id, last.nextProbeAt)
    } else {
      const server = foldHostRound(servers.get(id)!, roundOf(views, 'host', servers.get(id)!, now, nextDelay))
      servers.set(id, server)
      due.set(id, nextSharedProbe(server, DEFAULT_POLICY, now))
    }
  }
  return { zone, last: last!, firstAt, path, everFlux: path.includes('flux'), roundsOfHost: host.rounds }
}

/** The world's own address plan as an enrichment. */
export function enrichmentOf(world: World, options: { readonly names?: boolean } = {}): Enrichment {
  return {
    hasAsn: true,
    hasCountry: true,
    factsOf: (address) => {
      const facts = world.addressPlan.factsOf(address)
      return {
        asn: facts?.asn ?? null,
        organisation: options.names === false ? null : (facts?.organisation ?? null),
        country: facts?.country ?? null,
      }
    },
  }
}

export const NO_ENRICHMENT: Enrichment = {
  hasAsn: false,
  hasCountry: false,
  factsOf: () => ({ asn: null, organisation: null, country: null }),
}

function roundOf(
  views: readonly CachingView[],
  kind: Target['kind'],
  series: HostSeries | ZoneSeries,
  now: number,
  nextDelay: () => number,
): { target: Target; number: number; startedAt: number; observations: readonly Observation[] } {
  const target: Target = { kind, name: series.name }
  return {
    target,
    number: series.rounds + 1,
    startedAt: now,
    observations: questionsFor(target).flatMap((question) =>
      views.map((view) => observe(view, question, now, nextDelay())),
    ),
  }
}

function observe(view: CachingView, question: Question, now: number, delayMs: number): Observation {
  const reply = view.ask(question, now)
  const outcome = outcomeOf(reply, question.type)
  return {
    at: now + delayMs,
    vantage: `lab-${view.region}`,
    qname: question.name,
    qtype: question.type,
    outcome,
    ...(outcome === 'failed'
      ? { failure: reply.rcode === 'TIMEOUT' ? ('timeout' as const) : ('servfail' as const) }
      : {}),
    rcode: reply.rcode,
    rttMs: delayMs,
    answer: reply.answer,
    authority: reply.authority,
    additional: reply.additional,
  }
}

function outcomeOf(reply: LabReply, type: QuestionType): Outcome {
  if (reply.rcode === 'NXDOMAIN') return 'nxdomain'
  if (reply.rcode !== 'NOERROR') return 'failed'
  return reply.answer.some((record) => record.type === type) ? 'answer' : 'nodata'
}
