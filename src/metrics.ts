// The Prometheus metrics of a process: names, units, help texts. Rooms report through callbacks and know nothing of this.
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client'

const VANTAGE_COUNTS = ['asked', 'answered', 'timeouts', 'mismatched', 'throttled'] as const

type VantageCounts = { readonly id: string } & Readonly<Record<(typeof VANTAGE_COUNTS)[number], number>>

export interface Gauges {
  /** Read at every scrape. */
  read(): Promise<{
    watched: number
    oldestDueMs: number
    backlog: Readonly<Record<string, number>>
    queued: Readonly<Record<string, number>>
  }>
}

export class Metrics {
  readonly contentType: string
  readonly rounds: Counter<'result'>
  readonly roundLag: Histogram
  readonly errors: Counter<'part'>
  readonly #registry = new Registry()
  readonly #vantageQuestions: Gauge<'vantage' | 'outcome'>

  constructor(gauges: Gauges, vantages: () => readonly VantageCounts[]) {
    const registers = [this.#registry]
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
    this.#vantageQuestions = new Gauge({
      name: 'fluxwatch_vantage_questions',
      help: 'Questions of this process to a vantage by what came of them, since start',
      labelNames: ['vantage', 'outcome'],
      registers,
      collect: () => {
        for (const vantage of vantages()) {
          for (const outcome of VANTAGE_COUNTS)
            this.#vantageQuestions.set({ vantage: vantage.id, outcome }, vantage[outcome])
        }
      },
    })
    this.#live(gauges)
  }

  /** Prometheus text format. */
  metrics(): Promise<string> {
    return this.#registry.metrics()
  }

  #live(gauges: Gauges): void {
    const registers = [this.#registry]
    const watched = new Gauge({ name: 'fluxwatch_targets', help: 'Targets that are watched', registers })
    const overdue = new Gauge({
      name: 'fluxwatch_oldest_due_seconds',
      help: 'How long the oldest due target waits',
      registers,
    })
    const backlog = new Gauge({
      name: 'fluxwatch_outbox_entries',
      help: 'Entries that wait in the streams for their reader',
      labelNames: ['stream'],
      registers,
    })
    new Gauge({
      name: 'fluxwatch_jobs_waiting',
      help: 'Jobs that wait in BullMQ',
      labelNames: ['queue'],
      registers,
      async collect() {
        const state = await gauges.read()
        watched.set(state.watched)
        overdue.set(state.oldestDueMs / 1000)
        for (const [stream, entries] of Object.entries(state.backlog)) backlog.set({ stream }, entries)
        for (const [queue, jobs] of Object.entries(state.queued)) this.set({ queue }, jobs)
      },
    })
  }
}
