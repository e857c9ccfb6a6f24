// A worker process of `serve`: probes and delivers until its parent tells it to drain, and ends at once when the parent is
// gone. Who starts it, and starts it again, is wiring/worker-process.ts.
import closeWithGrace, { type Options } from 'close-with-grace'
import type { VantageConfig } from '../dns/vantage-config.ts'
import { systemClock } from '../clock.ts'
import { startService, type Service } from '../wiring.ts'
import type { FromWorker, ToWorker, WorkerStart } from '../wiring/worker-messages.ts'
import { DRAIN_MS } from './drain-limit.ts'
import { makeLogger } from './logger.ts'
import { isTold } from './told-error.ts'
import { version } from './version.ts'

const started = Promise.withResolvers<WorkerStart>()
const up = Promise.withResolvers<Service>()
let isUp = false
let isDraining = false
let redisPid: number | null = null
let limitMs = DRAIN_MS

process.once('disconnect', orphaned)
process.on('message', (message) => heard(message as ToWorker))
// Where the parent was gone before anybody listened.
if (!process.connected) process.exit(1)
// The parent reads the configuration, and tells.
process.on('SIGHUP', () => {})
// A supervisor may tell every process of ours, while the parent tells us too: the second time is no order to make haste.
for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => drain(DRAIN_MS))

const start = await started.promise
const logger = makeLogger(start.config.logLevel)
const OWN_SIGNALS: Options['skip'] = ['SIGHUP', 'SIGTERM', 'SIGINT']
const settings: Options = { delay: DRAIN_MS + 15_000, logger: false, skip: OWN_SIGNALS }
const grace = closeWithGrace(settings, async ({ err }) => {
  if (err) logger.fatal({ err }, 'a bug ended the worker')
  if (isUp) await (await up.promise).close(limitMs)
})
try {
  const service = await startService({
    config: start.config,
    redis: start.redis,
    clock: systemClock,
    logger,
    version,
    roles: { api: false, worker: true },
    processes: start.processes,
    ...(start.consumer && { consumer: start.consumer }),
  })
  isUp = true
  up.resolve(service)
  tell({ kind: 'ready' })
} catch (error) {
  if (isTold(error)) tell({ kind: 'refused', sentence: error.message }, () => process.exit(2))
  else {
    process.stderr.write(`fluxwatch: worker: ${error instanceof Error ? error.stack : String(error)}\n`)
    process.exit(1)
  }
}

function heard(message: ToWorker): void {
  if (message.kind === 'start') {
    redisPid = message.start.redisPid
    started.resolve(message.start)
  } else if (message.kind === 'vantages') void follow(message.configs)
  else if (message.kind === 'report') void report(message.id)
  else drain(message.limitMs)
}

/** Also while it starts: what is said then comes into force as soon as it is up. */
async function follow(configs: readonly VantageConfig[]): Promise<void> {
  const service = await up.promise
  try {
    service.replaceVantages(configs)
  } catch (err) {
    logger.error({ err }, 'the vantages cannot be changed here')
  }
}

async function report(id: number): Promise<void> {
  const counted = await (await up.promise).report()
  if (counted) tell({ kind: 'report', id, report: counted })
}

function drain(withinMs: number): void {
  // One that has not begun has nothing to drain.
  if (!isUp) process.exit(0)
  if (isDraining) return
  isDraining = true
  limitMs = withinMs
  grace.close()
}

/** The parent was killed. Nothing is lost: what is under way comes back with its lease. */
function orphaned(): void {
  if (redisPid !== null) {
    try {
      // It writes its file and ends, and so nothing of this service is left; a new one finds the folder free.
      process.kill(redisPid, 'SIGTERM')
    } catch {
      // It went with the parent.
    }
  }
  process.exit(1)
}

function tell(message: FromWorker, then: () => void = () => {}): void {
  process.send?.(message, then)
}
