// The worker processes of `serve`: starts them together, asks all of them what they counted, and lets them drain together.
import type { Logger } from 'pino'
import { addSnapshots } from '../metrics.ts'
import { openVantages } from '../dns/open-vantages.ts'
import type { VantageConfig } from '../dns/vantage-config.ts'
import type { ProbingWorkers } from './service-options.ts'
import type { WorkerStart } from './worker-messages.ts'
import { WorkerProcess } from './worker-process.ts'
import { mergeFigures, pastOf, type WorkerReport, type WorkersReport } from './worker-report.ts'

export interface WorkerProcessesOptions extends Omit<WorkerStart, 'consumer' | 'processes'> {
  readonly count: number
  readonly entry: URL
  /**
   * Whether nobody else is on this Redis: each worker then has the same name in consumer groups at every start, and finds
   * what it left pending.
   */
  readonly isAlone: boolean
  readonly logger: Logger
}

export class WorkerProcesses implements ProbingWorkers {
  readonly #workers: readonly WorkerProcess[]
  #configs: readonly VantageConfig[] | null = null
  /** What those counted that are gone; null while there are none. */
  #past: Promise<WorkerReport | null> = Promise.resolve(null)
  #reporting: Promise<WorkersReport> | null = null

  constructor({ count, entry, isAlone, logger, config, redis, redisPid }: WorkerProcessesOptions) {
    this.#workers = Array.from({ length: count }, (_, index) => {
      const name = `serve-${index + 1}`
      return new WorkerProcess({
        name,
        entry,
        start: () => ({
          config: this.#configs === null ? config : { ...config, vantages: this.#configs },
          redis,
          redisPid,
          consumer: isAlone ? name : null,
          processes: count,
        }),
        logger,
        onGone: (last) => this.#keep(last),
      })
    })
  }

  /** Resolves when all are up. Rejects, with none left running, when one cannot start. */
  async start(): Promise<void> {
    try {
      await Promise.all(this.#workers.map((worker) => worker.start()))
    } catch (error) {
      await this.close(0)
      throw error
    }
  }

  /** Who asks while an answer is under way gets that one. */
  report(): Promise<WorkersReport> {
    this.#reporting ??= this.#collect().finally(() => {
      this.#reporting = null
    })
    return this.#reporting
  }

  replaceVantages(configs: readonly VantageConfig[]): void {
    // Opens no socket: what cannot be opened is found here, and not by each process for itself.
    const tried = openVantages(configs)
    for (const vantage of tried) void vantage.close()
    this.#configs = configs
    for (const worker of this.#workers) worker.send({ kind: 'vantages', configs })
  }

  /** As WorkerProcess.close, all at the same time. */
  async close(limitMs: number): Promise<void> {
    await Promise.all(this.#workers.map((worker) => worker.close(limitMs)))
  }

  async #collect(): Promise<WorkersReport> {
    const reports = await Promise.all(this.#workers.map((worker) => worker.report()))
    const living = reports.filter((report) => report !== null)
    const past = await this.#past
    const all = past === null ? living : [...living, past]
    return {
      up: this.#workers.filter(({ isUp }) => isUp).length,
      of: this.#workers.length,
      // What is true of the past alone says nothing of the present.
      figures: living.length === 0 ? null : mergeFigures(all.map(({ figures }) => figures)),
      metrics: all.map(({ metrics }) => metrics),
    }
  }

  #keep(last: WorkerReport | null): void {
    if (last === null) return
    this.#past = this.#past.then(async (before) => {
      const now = pastOf(last)
      if (before === null) return now
      return {
        figures: mergeFigures([now.figures, before.figures]) ?? now.figures,
        metrics: await addSnapshots([before.metrics, now.metrics]),
      }
    })
  }
}
