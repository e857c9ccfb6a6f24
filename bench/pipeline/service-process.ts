// A process of the service, put together by its own wiring, on the bench's clock and vantages. Started by service-child.ts;
// its argument is a ServiceOrder.
import { writeFileSync } from 'node:fs'
import { Session } from 'node:inspector/promises'
import { join } from 'node:path'
import { pino } from 'pino'
import { readConfig } from '../../src/config.ts'
import { openSqliteHistory } from '../../src/store/history/sqlite/sqlite-history.ts'
import { startService, type Service } from '../../src/wiring.ts'
import { startConstantApp } from './constant-app.ts'
import { CountingHistory } from './counting-history.ts'
import { JumpingClock } from './jumping-clock.ts'
import type { Asked, Call, ServiceOrder, Told, Usage } from './service-order.ts'
import { RESOLVERS, VANTAGES } from './watched-names.ts'

/** Above what any engine reaches here: the limiter runs, and holds nobody up. Jitter would only leave the process idle. */
const UNHINDERED = { qps: 1_000_000, jitterMs: 0, maxInFlight: 1_000 }

const order = JSON.parse(process.argv[2] ?? '') as ServiceOrder
const clock = new JumpingClock(order.offsetMs)
const profiler = new Session()
const service = await (order.role === 'constant'
  ? startConstantApp(order.constantOctets)
  : startRole(order.role))

process.on('message', ({ id, call }: Asked) => {
  void obey(call).then(() => {
    tell({ kind: 'answer', id, usage: usage() })
    if (call.do === 'close') process.disconnect()
  })
})
// The bench is gone, or has said goodbye.
process.on('disconnect', () => process.exit())
tell({ kind: 'ready', url: service.url })

async function obey(call: Call): Promise<void> {
  if (call.do === 'jump') clock.offsetMs = call.offsetMs
  else if (call.do === 'profile') await startProfile()
  else if (call.do === 'write-profile') await writeProfile(call.path)
  else if (call.do === 'close') await service.close()
}

async function startProfile(): Promise<void> {
  profiler.connect()
  await profiler.post('Profiler.enable')
  await profiler.post('Profiler.start')
}

async function writeProfile(path: string): Promise<void> {
  const { profile } = await profiler.post('Profiler.stop')
  writeFileSync(path, JSON.stringify(profile))
}

function usage(): Usage {
  const { user, system } = process.cpuUsage()
  return { cpuUs: user + system, residentOctets: process.memoryUsage.rss() }
}

function tell(told: Told): void {
  process.send?.(told)
}

async function startRole(role: 'worker' | 'api'): Promise<Service> {
  const { dataDirectory, socketPath, authorityPort, udpEngine } = order
  const file = join(dataDirectory, 'history.sqlite')
  const kept = order.history === 'sqlite' ? await openSqliteHistory(file) : null
  return startService({
    config: readConfig({
      FLUXWATCH_PORT: '0',
      FLUXWATCH_DATA_DIR: dataDirectory,
      FLUXWATCH_PTR: 'off',
      FLUXWATCH_UDP_ENGINE: udpEngine,
      FLUXWATCH_VANTAGES: JSON.stringify(
        RESOLVERS.map((address, index) => ({
          id: VANTAGES[index],
          protocol: 'udp',
          server: `${address}:${authorityPort}`,
          ...UNHINDERED,
        })),
      ),
    }),
    redis: { socketPath },
    clock,
    logger: pino({ level: 'error' }, pino.destination(2)),
    version: 'bench',
    roles: { api: role === 'api', worker: role === 'worker' },
    history: new CountingHistory(kept, (counted) => tell({ kind: 'rounds', ...counted })),
  })
}
