// The service as it is put together: what rounds tell becomes a network that the API shows and a webhook hears of once, also
// after a restart.
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Redis } from 'ioredis'
import { pino } from 'pino'
import { request } from 'undici'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { systemClock } from '../../src/clock.ts'
import { readConfig } from '../../src/config.ts'
import { FlaggedNames } from '../../src/store/flagged-names.ts'
import { startService, type Service } from '../../src/wiring.ts'
import { startRedis, type TestRedis } from '../support/redis.ts'

const POOL = Array.from({ length: 8 }, (_, index) => `20.${index}.0.1`)

interface Hook {
  readonly type: string
  readonly data: { readonly id: string; readonly change: string; readonly names: readonly string[] }
}

let directory: string
let server: TestRedis
let redis: Redis
let receiver: Server
const hooks: Hook[] = []
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'fw-networks-'))
  server = await startRedis()
  redis = new Redis(server.path)
  receiver = createServer((incoming, answer) => {
    const chunks: Buffer[] = []
    incoming.on('data', (chunk: Buffer) => chunks.push(chunk))
    incoming.on('end', () => {
      hooks.push(JSON.parse(String(Buffer.concat(chunks))) as Hook)
      answer.writeHead(204).end()
    })
  }).listen(0, '127.0.0.1')
  await once(receiver, 'listening')
})
afterAll(async () => {
  receiver.close()
  receiver.closeAllConnections()
  redis.disconnect()
  await server.stop()
  await rm(directory, { recursive: true, force: true })
})

function start(): Promise<Service> {
  return startService({
    config: {
      ...readConfig({ FLUXWATCH_PORT: '0', FLUXWATCH_WEBHOOK_ALLOW: '127.0.0.0/8' }),
      dataDirectory: directory,
      // Nothing is watched, so nobody is asked.
      vantages: [{ id: 'nobody', protocol: 'udp', server: '127.0.0.1:9', qps: 1 }],
    },
    redis: { socketPath: server.path },
    clock: systemClock,
    logger: pino({ level: 'error' }, process.stderr),
    version: 'test',
    roles: { api: true, worker: true },
  })
}

async function get(url: string): Promise<Record<string, never>> {
  return (await (await request(url)).body.json()) as Record<string, never>
}

async function tell(domain: string): Promise<void> {
  const now = Date.now()
  const agents = POOL.map((address) => ({ address, last: now }))
  await new FlaggedNames(redis).tell({ domain, standsAlone: true, agents }, now)
}

const namesOf = (hook: Hook): unknown[] => [hook.data.change, ...hook.data.names]

it('keeps networks over a restart, and tells each change once', { timeout: 60_000 }, async () => {
  const first = await start()
  const { port } = receiver.address() as AddressInfo
  await request(`${first.url}/v1/webhooks`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ url: `http://127.0.0.1:${port}/`, events: ['network.changed'] }),
  })
  // In one look, so that both come together.
  await Promise.all([tell('a.bad.example'), tell('www.evil.example')])
  await expect.poll(() => hooks.flatMap((hook) => hook.data.names).length, { timeout: 20_000 }).toBe(2)
  const { items } = await get(`${first.url}/v1/networks?active=true`)
  const { id } = (items as unknown as { id: string }[])[0]!
  expect(hooks.every((hook) => hook.type === 'network.changed' && hook.data.id === id)).toBe(true)
  await first.close()

  hooks.length = 0
  await tell('worse.example')
  const second = await start()
  await expect.poll(() => hooks.map(namesOf), { timeout: 20_000 }).toEqual([['joined', 'worse.example']])
  const network = await get(`${second.url}/v1/networks/${id}`)
  expect(network).toMatchObject({ id, domains: 3, agents: 8, looked_at: 3 })
  expect((await get(`${second.url}/v1/networks`))['items']).toHaveLength(1)
  await second.close()
  expect(hooks).toHaveLength(1)
})
