// The Prometheus metrics of a process: names, units, help texts. Rooms report through callbacks and know nothing of this.
import {
  AggregatorRegistry,
  collectDefaultMetrics,
  Counter,
  Gauge,
  Histogram,
  Registry,
  type PrometheusContentType,
} from 'prom-client'

/** Counts of a vantage, each with the label that it is shown under. */
const VANTAGE_COUNTS = {
  asked: 'asked',
  answered: 'answered',
  timeouts: 'timeouts',
  throttled: 'throttled',
  optedOut: 'opted_out',
  unsentWhileDown: 'unsent_while_down',
  late: 'late',
  mismatched: 'mismatched',
  truncated: 'truncated',
  retried: 'retried',
} as const

/** Of the names of addresses, each the label that it is shown under: how many are, and what was since the start. */
const PTR_FIGURES = ['known', 'wanted', 'asked', 'named', 'failed', 'dropped'] as const

type CountName = keyof typeof VANTAGE_COUNTS

type VantageFigures = { readonly id: string; readonly up: boolean; readonly inFlight: number } & Readonly<
  Record<CountName, number>
>

/** What waits for history and what it missed, in the live state. */
export interface HistoryFigures {
  readonly octets: number
  readonly oldestMs: number
  /** Of what may wait, of the fullest partition. */
  readonly fullness: number
  /** Since the live state began. */
  readonly lostRounds: number
  readonly lostObservations: number
  readonly unreadable: number
}

/** What the live state says, read anew for every scrape. */
export interface LiveFigures {
  readonly watched: number
  readonly oldestDueMs: number
  /** Networks of flagged names that live; absent where nobody counts them. */
  readonly networks?: number
  readonly backlog: Readonly<Record<string, number>>
  readonly history: HistoryFigures
  readonly queued: Readonly<Record<string, number>>
}

/** What this process counted itself while it asked; there whatever becomes of Redis. */
export interface ProbingFigures {
  readonly vantages: readonly VantageFigures[]
  readonly udp: {
    readonly engine: string
    /** Null before the first socket. */
    readonly receiveBufferOctets: number | null
    /** Null where the system does not tell. */
    readonly receiveDrops: number | null
  }
  /** Null where no names of addresses are looked up. */
  readonly ptr: Readonly<Record<(typeof PTR_FIGURES)[number], number>> | null
}

/** What a process counted, to be added to what another one did. */
export type MetricsSnapshot = Awaited<ReturnType<Registry['getMetricsAsJSON']>>

/** What the processes that probe for this one counted. */
export interface OtherProcesses {
  readonly snapshots: readonly MetricsSnapshot[]
  readonly probing: ProbingFigures | null
}

export class Metrics {
  readonly contentType: string
  readonly rounds: Counter<'result'>
  readonly roundLag: Histogram
  readonly errors: Counter<'part'>
  readonly #registry = new Registry()
  readonly #readLive: () => Promise<LiveFigures>
  readonly #readProbing: () => ProbingFigures | null
  readonly #readOthers: () => Promise<OtherProcesses>
  readonly #redisUp: Gauge
  readonly #targets: Gauge
  readonly #oldestDue: Gauge
  readonly #networks: Gauge
  readonly #outbox: Gauge<'stream'>
  readonly #history: HistoryMetrics
  readonly #waiting: Gauge<'queue'>
  readonly #questions: Gauge<'vantage' | 'outcome'>
  readonly #vantageUp: Gauge<'vantage'>
  readonly #inFlight: Gauge<'vantage'>
  readonly #udpEngine: Gauge<'engine'>
  readonly #receiveBuffer: Gauge
  readonly #receiveDrops: Gauge
  readonly #ptrNames: Gauge<'state'>

  /** `readProbing` answers null in a process that does not probe; `readOthers` is there where others probe for it. */
  constructor(
    readLive: () => Promise<LiveFigures>,
    readProbing: () => ProbingFigures | null,
    readOthers: () => Promise<OtherProcesses> = async () => ({ snapshots: [], probing: null }),
  ) {
    const registers = [this.#registry]
    this.#readLive = readLive
    this.#readProbing = readProbing
    this.#readOthers = readOthers
    this.contentType = this.#registry.contentType
    collectDefaultMetrics({ register: this.#registry })
    this.rounds = new Counter({
      name: 'fluxwatch_probe_rounds_total',
      help: 'Probe rounds by result',
      labelNames: ['result'],
      registers,
    })
    this.roundLag = new Histogram({
      name: 'fluxwatch_probe_lag_seconds',
      help: 'How late rounds began after they were due',
      buckets: [0.1, 0.5, 1, 2, 5, 15, 60, 300, 1800],
      registers,
    })
    this.errors = new Counter({
      name: 'fluxwatch_errors_total',
      help: 'Failures of our own (never DNS outcomes) by part',
      labelNames: ['part'],
      registers,
    })
    this.#redisUp = new Gauge({
      name: 'fluxwatch_redis_up',
      help: '1 while the live state answers; without it the figures about it are those of the last scrape',
      registers,
    })
    this.#targets = new Gauge({ name: 'fluxwatch_targets', help: 'Targets that are watched', registers })
    this.#oldestDue = new Gauge({
      name: 'fluxwatch_oldest_due_seconds',
      help: 'How long the oldest due target waits',
      registers,
    })
    this.#networks = new Gauge({
      name: 'fluxwatch_networks',
      help: 'Networks of flagged names that live',
      registers,
    })
    this.#outbox = new Gauge({
      name: 'fluxwatch_outbox_entries',
      help: 'Entries that wait in the streams for their reader',
      labelNames: ['stream'],
      registers,
    })
    this.#history = new HistoryMetrics(this.#registry)
    this.#waiting = new Gauge({
      name: 'fluxwatch_jobs_waiting',
      help: 'Jobs that wait in BullMQ',
      labelNames: ['queue'],
      registers,
    })
    this.#questions = new Gauge({
      name: 'fluxwatch_vantage_questions',
      help: 'Questions to a vantage by what came of them, and packets that were no plain reply, since start',
      labelNames: ['vantage', 'outcome'],
      registers,
    })
    this.#vantageUp = new Gauge({
      name: 'fluxwatch_vantage_up',
      help: '0 while the vantage answers nothing at all',
      labelNames: ['vantage'],
      registers,
    })
    this.#inFlight = new Gauge({
      name: 'fluxwatch_vantage_in_flight',
      help: 'Questions that wait for a reply of the vantage',
      labelNames: ['vantage'],
      registers,
    })
    this.#udpEngine = new Gauge({
      name: 'fluxwatch_udp_engine_info',
      help: '1 for the UDP engine that runs: batched (sendmmsg and recvmmsg) or plain (node:dgram)',
      labelNames: ['engine'],
      registers,
    })
    this.#receiveBuffer = new Gauge({
      name: 'fluxwatch_udp_receive_buffer_bytes',
      help: 'Receive buffer that the system granted to the latest UDP socket; 0 before the first',
      registers,
    })
    this.#receiveDrops = new Gauge({
      name: 'fluxwatch_udp_receive_drops',
      help: 'Datagrams that full receive buffers of this network namespace lost since start, whosever they were',
      registers,
    })
    this.#ptrNames = new Gauge({
      name: 'fluxwatch_ptr_names',
      help: 'Names of addresses (PTR): known and wanted now; look-ups asked, named, failed and dropped since start',
      labelNames: ['state'],
      registers,
    })
  }

  /** Prometheus text format: what the live state says, and what this process and those that probe for it counted. */
  async metrics(): Promise<string> {
    const [figures, others] = await Promise.all([this.#readLive().catch(() => null), this.#readOthers()])
    this.#redisUp.set(figures ? 1 : 0)
    if (figures) this.#showLive(figures)
    // What this process counted itself is worth most while Redis is away.
    const probing = this.#readProbing() ?? others.probing
    if (probing) this.#showProbing(probing)
    if (others.snapshots.length === 0) return this.#registry.metrics()
    return merged([await this.snapshot(), ...others.snapshots]).metrics()
  }

  /** What this process counted itself, without the live state (all share it) and the vantages (their figures tell). */
  snapshot(): Promise<MetricsSnapshot> {
    return this.#registry.getMetricsAsJSON()
  }

  #showLive(figures: LiveFigures): void {
    this.#targets.set(figures.watched)
    this.#oldestDue.set(figures.oldestDueMs / 1000)
    if (figures.networks !== undefined) this.#networks.set(figures.networks)
    for (const [stream, entries] of Object.entries(figures.backlog)) this.#outbox.set({ stream }, entries)
    this.#history.show(figures.history)
    for (const [queue, jobs] of Object.entries(figures.queued)) this.#waiting.set({ queue }, jobs)
  }

  #showProbing({ vantages, udp, ptr }: ProbingFigures): void {
    // A vantage may be gone since the last scrape.
    for (const gauge of [this.#questions, this.#vantageUp, this.#inFlight]) gauge.reset()
    for (const figures of vantages) {
      const vantage = figures.id
      for (const [name, outcome] of Object.entries(VANTAGE_COUNTS))
        this.#questions.set({ vantage, outcome }, figures[name as CountName])
      this.#vantageUp.set({ vantage }, figures.up ? 1 : 0)
      this.#inFlight.set({ vantage }, figures.inFlight)
    }
    this.#udpEngine.set({ engine: udp.engine }, 1)
    if (udp.receiveBufferOctets !== null) this.#receiveBuffer.set(udp.receiveBufferOctets)
    if (udp.receiveDrops !== null) this.#receiveDrops.set(udp.receiveDrops)
    if (ptr !== null) for (const state of PTR_FIGURES) this.#ptrNames.set({ state }, ptr[state])
  }
}

/** The sums of several processes; of what cannot be summed, what prom-client makes of it. */
export function addSnapshots(snapshots: readonly MetricsSnapshot[]): Promise<MetricsSnapshot> {
  return merged(snapshots).getMetricsAsJSON()
}

function merged(snapshots: readonly MetricsSnapshot[]): Registry {
  return AggregatorRegistry.aggregate<PrometheusContentType>([...snapshots])
}

class HistoryMetrics {
  readonly #octets: Gauge
  readonly #age: Gauge
  readonly #fullness: Gauge
  readonly #lostRounds: Counter
  readonly #lostObservations: Counter
  readonly #unreadable: Counter

  constructor(registry: Registry) {
    const registers = [registry]
    const gauge = (name: string, help: string): Gauge => new Gauge({ name, help, registers })
    const counter = (name: string, help: string): Counter => new Counter({ name, help, registers })
    this.#octets = gauge('fluxwatch_history_backlog_bytes', 'What waits in the streams for history')
    this.#age = gauge('fluxwatch_history_backlog_seconds', 'How long the oldest entry waits for history')
    this.#fullness = gauge(
      'fluxwatch_history_backlog_ratio',
      'Share of what may wait for history, of the fullest partition; from 1 on rounds are not recorded',
    )
    this.#lostRounds = counter(
      'fluxwatch_history_rounds_lost_total',
      'Rounds whose observations were not recorded, because too much waited for history',
    )
    this.#lostObservations = counter(
      'fluxwatch_history_observations_lost_total',
      'Observations of the rounds that were not recorded',
    )
    this.#unreadable = counter(
      'fluxwatch_history_unreadable_entries_total',
      'Entries for history that nobody could read and that were set aside',
    )
  }

  show(figures: HistoryFigures): void {
    this.#octets.set(figures.octets)
    this.#age.set(figures.oldestMs / 1000)
    this.#fullness.set(figures.fullness)
    for (const [counter, count] of [
      [this.#lostRounds, figures.lostRounds],
      [this.#lostObservations, figures.lostObservations],
      [this.#unreadable, figures.unreadable],
    ] as const) {
      // Counted in the live state, whichever process shows it.
      counter.reset()
      counter.inc(count)
    }
  }
}
