// One worker process and, when it dies, the next one in its place. Decides when it is started again; what it does is its
// entry's business, and how many there are is worker-processes.ts's.
import { fork, type ChildProcess } from 'node:child_process'
import { setTimeout as delay } from 'node:timers/promises'
import type { Logger } from 'pino'
import { ConfigError } from '../config.ts'
import type { FromWorker, ToWorker, WorkerStart } from './worker-messages.ts'
import type { WorkerReport } from './worker-report.ts'

export interface WorkerProcessParts {
  /** In the log and in the list of processes. */
  readonly name: string
  /** The module that the process runs. */
  readonly entry: URL
  /** Asked for at each start. */
  readonly start: () => WorkerStart
  readonly logger: Logger
  /** It is gone; the latest that it told, if anything. */
  readonly onGone: (last: WorkerReport | null) => void
}

/** Before the first new start; each further one waits twice as long, up to the most. */
const FIRST_BACK_OFF_MS = 1_000
const MOST_BACK_OFF_MS = 30_000
/** Who was up for this long did not die of how it was started. */
const STEADY_MS = 60_000
/** A process that is busy for longer is told of by what it said last. */
const REPORT_LIMIT_MS = 2_000
/** Beyond the limit of draining, for a process that has to be ended by force. */
const GRACE_MS = 2_000

export class WorkerProcess {
  readonly #parts: WorkerProcessParts
  readonly #firstUp = Promise.withResolvers<void>()
  readonly #reports = new Map<number, (report: WorkerReport | null) => void>()
  #child: ChildProcess | null = null
  #gone: Promise<void> = Promise.resolve()
  #upSinceMs: number | null = null
  #wasUp = false
  #isClosing = false
  #refusal: string | null = null
  #last: WorkerReport | null = null
  #backOffMs = FIRST_BACK_OFF_MS
  #again: NodeJS.Timeout | null = null
  #reportId = 0

  constructor(parts: WorkerProcessParts) {
    this.#parts = parts
  }

  get isUp(): boolean {
    return this.#upSinceMs !== null
  }

  /** Resolves when it is up. Rejects when it ends before it ever was: then it is not started again. */
  start(): Promise<void> {
    this.#fork()
    return this.#firstUp.promise
  }

  /** Null from a process that is not up, or has never told anything. */
  report(): Promise<WorkerReport | null> {
    if (!this.isUp) return Promise.resolve(null)
    const id = ++this.#reportId
    return new Promise((resolve) => {
      const late = setTimeout(() => this.#answered(id, this.#last), REPORT_LIMIT_MS)
      this.#reports.set(id, (report) => {
        clearTimeout(late)
        resolve(report)
      })
      this.send({ kind: 'report', id })
    })
  }

  /** Nothing happens where there is no process now. */
  send(message: ToWorker): void {
    // Whether it arrived shows in what the process does, or in its end.
    if (this.#child?.connected === true) this.#child.send(message, () => {})
  }

  /** Lets it end what is under way, for at most about `limitMs`, and sees to it that it is gone. 0: at once. */
  async close(limitMs: number): Promise<void> {
    this.#isClosing = true
    if (this.#again !== null) clearTimeout(this.#again)
    if (limitMs > 0) {
      this.send({ kind: 'drain', limitMs })
      const over = new AbortController()
      await Promise.race([
        this.#gone,
        delay(limitMs + GRACE_MS, undefined, { signal: over.signal }).catch(() => {}),
      ])
      over.abort()
    }
    if (this.#child !== null) {
      if (limitMs > 0) this.#parts.logger.error({ worker: this.#parts.name }, 'worker ended by force')
      this.#child.kill('SIGKILL')
    }
    await this.#gone
  }

  #fork(): void {
    const { name, entry, start } = this.#parts
    const gone = Promise.withResolvers<void>()
    this.#gone = gone.promise
    this.#refusal = null
    const child = fork(entry, [name], {
      // Its own process group: Ctrl-C in the terminal must reach the parent only, which then lets it drain.
      detached: true,
      serialization: 'advanced',
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    })
    this.#child = child
    const isOver = (why: string): void => {
      if (this.#child !== child) return
      this.#child = null
      this.#over(why)
      gone.resolve()
    }
    child.on('message', (message) => this.#heard(message as FromWorker))
    child.once('exit', (code, signal) => isOver(signal ?? `exit code ${code}`))
    child.on('error', (error) => {
      // One that could not be started has no exit.
      if (child.pid === undefined) isOver(error.message)
    })
    this.send({ kind: 'start', start: start() })
  }

  #heard(message: FromWorker): void {
    if (message.kind === 'refused') this.#refusal = message.sentence
    else if (message.kind === 'report') {
      this.#last = message.report
      this.#answered(message.id, message.report)
    } else {
      if (this.#wasUp) this.#parts.logger.info({ worker: this.#parts.name }, 'worker is up again')
      this.#upSinceMs = performance.now()
      this.#wasUp = true
      this.#firstUp.resolve()
    }
  }

  #answered(id: number, report: WorkerReport | null): void {
    this.#reports.get(id)?.(report)
    this.#reports.delete(id)
  }

  #over(why: string): void {
    const { name, logger, onGone } = this.#parts
    const wasSteady = this.#upSinceMs !== null && performance.now() - this.#upSinceMs >= STEADY_MS
    this.#upSinceMs = null
    const last = this.#last
    this.#last = null
    for (const id of this.#reports.keys()) this.#answered(id, last)
    onGone(last)
    const reason = this.#refusal ?? `it ended with ${why}`
    if (!this.#wasUp) {
      const sentence = this.#refusal ?? `Worker process ${name} did not start: ${reason}.`
      this.#firstUp.reject(new ConfigError(sentence))
    } else if (!this.#isClosing) {
      if (wasSteady) this.#backOffMs = FIRST_BACK_OFF_MS
      logger.error({ worker: name, againInMs: this.#backOffMs }, `worker is gone: ${reason}`)
      this.#again = setTimeout(() => this.#fork(), this.#backOffMs)
      this.#backOffMs = Math.min(MOST_BACK_OFF_MS, this.#backOffMs * 2)
    }
  }
}
