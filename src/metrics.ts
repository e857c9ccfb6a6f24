// The Prometheus metrics of a process: names, units, help texts. Rooms report through callbacks and know nothing of this.
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client'

const VANTAGE_COUNTS = ['asked', 'answered', 'timeouts', 'mismatched', 'throttled'] as const

type VantageCounts = { readonly id: string } & Readonly<Record<(typeof VANTAGE_COUNTS)[number], number>>

/** What is read anew for every scrape. */
export interface LiveFigures {
  readonly watched: number
  readonly oldestDueMs: number
  readonly backlog: Readonly<Record<string, number>>
  readonly queued: Readonly<Record<string, number>>
  readonly vantages: readonly VantageCounts[]
}

export class Metrics {
  readonly contentType: string
  readonly rounds: Counter<'result'>
  readonly roundLag: Histogram
  readonly errors: Counter<'part'>
  readonly #registry = new Registry()
  readonly #read: () => Promise<LiveFigures>
  readonly #redisUp: Gauge
  readonly #targets: Gauge
  readonly #oldestDue: Gauge
  readonly #outbox: Gauge<'stream'>
  readonly #waiting: Gauge<'queue'>
  readonly #questions: Gauge<'vantage' | 'outcome'>

  constructor(read: () => Promise<LiveFigures>) {
    const registers = [this.#registry]
    this.#read = read
    this.contentType = this.#registry.contentType
    collectDefaultMetrics({ register: this.#registry })
    this.rounds = new Counter({
      name: 'fluxwatch_probe_rounds_total',
      help: 'Probe rounds of this process by result',
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
    this.#outbox = new Gauge({
      name: 'fluxwatch_outbox_entries',
      help: 'Entries that wait in the streams for their reader',
      labelNames: ['stream'],
      registers,
    })
    this.#waiting = new Gauge({
      name: 'fluxwatch_jobs_waiting',
      help: 'Jobs that wait in BullMQ',
      labelNames: ['queue'],
      registers,
    })
    this.#questions = new Gauge({
      name: 'fluxwatch_vantage_questions',
      help: 'Questions of this process to a vantage by what came of them, since start',
      labelNames: ['vantage', 'outcome'],
      registers,
    })
  }

  /** Prometheus text format. */
  async metrics(): Promise<string> {
    const figures = await this.#read().catch(() => null)
    this.#redisUp.set(figures ? 1 : 0)
    // What this process counted itself is worth most while Redis is away.
    if (figures) this.#show(figures)
    return this.#registry.metrics()
  }

  #show(figures: LiveFigures): void {
    this.#targets.set(figures.watched)
    this.#oldestDue.set(figures.oldestDueMs / 1000)
    for (const [stream, entries] of Object.entries(figures.backlog)) this.#outbox.set({ stream }, entries)
    for (const [queue, jobs] of Object.entries(figures.queued)) this.#waiting.set({ queue }, jobs)
    for (const vantage of figures.vantages) {
      for (const outcome of VANTAGE_COUNTS)
        this.#questions.set({ vantage: vantage.id, outcome }, vantage[outcome])
    }
  }
}
