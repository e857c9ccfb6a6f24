// The whole service on a cluster: API and worker in processes of their own, a scan over HTTP, a master that is killed in the middle,
// and webhooks that tell every change. The lab's clock runs fast; processes, Redis, UDP and webhooks are real.
import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Webhook } from 'standardwebhooks'
import { request } from 'undici'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { scaledClock } from '../../src/clock.ts'
import { startLab, type Lab } from '../../src/lab/start-lab.ts'
import { slotOf } from '../../src/store/cluster-slot.ts'
import { QUEUE_PREFIX } from '../../src/store/keys.ts'
import type { ServiceProcessOptions } from '../e2e/service-process.ts'
import { eventually } from '../support/redis-process.ts'
import { TestCluster } from '../support/redis-cluster.ts'
import { WebhookReceiver } from '../support/webhook-receiver.ts'

const SPEED = 60
const SECRET = `whsec_${Buffer.alloc(32, 7).toString('base64')}`
const LIMIT_MS = 90_000
const DOMAINS = Array.from({ length: 32 }, (_, index) => `c${index}.no-such-name.example`)

const origin = Date.now()
let directory: string
let lab: Lab
let cluster: TestCluster
let receiver: WebhookReceiver
const running: ChildProcess[] = []

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'fw-cluster-'))
  lab = await startLab({ seed: 3, clock: scaledClock(SPEED, origin), directory })
  cluster = await TestCluster.start()
  receiver = await WebhookReceiver.start(() => ({ status: 204 }))
})
afterAll(async () => {
  for (const child of running) child.kill('SIGKILL')
  await receiver?.stop()
  await cluster?.stop()
  await lab?.close()
  await rm(directory, { recursive: true, force: true })
})

async function start(
  roles: ServiceProcessOptions['roles'],
): Promise<{ url: string | null; process: ChildProcess }> {
  const options: ServiceProcessOptions = {
    speed: SPEED,
    origin,
    dataDirectory: join(directory, 'data'),
    socketPath: null,
    redisUrl: cluster.url,
    roles,
    vantages: lab.vantages,
    asnMmdb: lab.asnMmdb,
    countryMmdb: lab.countryMmdb,
  }
  const child = fork(join(import.meta.dirname, '../e2e/service-process.ts'), [JSON.stringify(options)], {
    execArgv: [],
  })
  running.push(child)
  const [ready] = (await Promise.race([
    once(child, 'message'),
    once(child, 'exit').then(([code]) => Promise.reject(new Error(`the service ended with ${code}`))),
  ])) as [{ url: string | null }]
  return { ...ready, process: child }
}

interface Item {
  readonly domain: string
  readonly verdict: string
  readonly rounds: number
}

async function verdictsOf(url: string, scan: string): Promise<Item[]> {
  const answer = await request(`${url}/v1/scans/${scan}/verdicts?limit=500`)
  if (answer.statusCode !== 200) throw new Error(`answered ${answer.statusCode}: ${await answer.body.text()}`)
  return ((await answer.body.json()) as { items: Item[] }).items
}

/** The chain of verdicts of each domain, as its webhooks tell it; each message once, for they are sent at least once. */
function chains(): Map<string, string[]> {
  const byId = new Map<string, { domain: string; verdict: string; as_of: string }>()
  for (const { headers, body } of receiver.requests) {
    const event = new Webhook(SECRET).verify(body.toString(), headers as Record<string, string>) as {
      data: { domain: string; verdict: string; as_of: string }
    }
    byId.set(String(headers['webhook-id']), event.data)
  }
  const inOrder = [...byId.values()].toSorted((a, b) => a.as_of.localeCompare(b.as_of))
  const grouped = Map.groupBy(inOrder, ({ domain }) => domain)
  return new Map([...grouped].map(([domain, changes]) => [domain, changes.map(({ verdict }) => verdict)]))
}

test('A scan is taken in, probed, judged and told, though a master dies in the middle of it', async () => {
  const api = await start({ api: true, worker: false })
  const worker = await start({ api: false, worker: true })
  const url = api.url!
  const answer = await request(`${url}/v1/scans`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      domains: DOMAINS,
      webhook: { url: receiver.url, secret: SECRET, events: ['domain.verdict.changed'] },
    }),
  })
  expect(answer.statusCode).toBe(202)
  const scan = ((await answer.body.json()) as { id: string }).id
  await eventually(
    async () => (await verdictsOf(url, scan)).some(({ rounds }) => rounds > 0),
    'a first round',
    LIMIT_MS,
  )

  const victim = await cluster.ownerOf(slotOf(QUEUE_PREFIX.deliver))
  await cluster.kill(victim)
  await eventually(
    async () => (await verdictsOf(url, scan)).every(({ verdict }) => verdict === 'unresolvable'),
    'every domain is judged',
    LIMIT_MS,
  )
  const items = await verdictsOf(url, scan)
  expect(items.map(({ domain }) => domain)).toEqual(DOMAINS)
  const readiness = await request(`${url}/readyz`)
  expect(readiness.statusCode).toBe(200)
  await readiness.body.dump()
  await eventually(() => chains().size === DOMAINS.length, 'every change is told', LIMIT_MS)
  for (const domain of DOMAINS) expect(chains().get(domain)).toEqual(['unresolvable'])

  for (const { process: child } of [worker, api]) {
    const gone = once(child, 'exit')
    child.kill('SIGTERM')
    expect((await gone)[0]).toBe(0)
  }
}, 240_000)
