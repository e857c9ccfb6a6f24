// Kill -9 at the worst moments: a worker in mid-round, then everything at once. Nothing accepted may be lost, and no event
// may be lost or reach somebody else. The lab's clock runs fast; processes, Redis, UDP and webhooks are real.
import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { Webhook } from 'standardwebhooks'
import { request } from 'undici'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { scaledClock } from '../../src/clock.ts'
import { startLab, type Lab } from '../../src/lab/start-lab.ts'
import { startRedis, type TestRedis } from '../support/redis.ts'
import { WebhookReceiver } from '../support/webhook-receiver.ts'
import type { ServiceProcessOptions } from './service-process.ts'

const SPEED = 60
const secretOf = (byte: number): string => `whsec_${Buffer.alloc(32, byte).toString('base64')}`

interface Running {
  readonly process: ChildProcess
  readonly url: string | null
  readonly redisPid: number | null
}

interface Change {
  readonly domain: string
  readonly verdict: string
  readonly previous_verdict: string
  readonly as_of: string
}

/** One user's endpoint: verifies what it gets with its own secret, which nobody else's event would pass. */
class Endpoint {
  readonly secret: string
  readonly receiver: WebhookReceiver

  private constructor(secret: string, receiver: WebhookReceiver) {
    this.secret = secret
    this.receiver = receiver
  }

  static async open(byte: number): Promise<Endpoint> {
    return new Endpoint(secretOf(byte), await WebhookReceiver.start(() => ({ status: 204 })))
  }

  /** Each change once (deliveries are at least once), in order. */
  changes(): Change[] {
    const byId = new Map<string, Change>()
    for (const { headers, body } of this.receiver.requests) {
      const event = new Webhook(this.secret).verify(body.toString(), headers as Record<string, string>) as {
        type: string
        data: Change
      }
      if (event.type === 'domain.verdict.changed') byId.set(String(headers['webhook-id']), event.data)
    }
    return [...byId.values()].toSorted((a, b) => a.as_of.localeCompare(b.as_of))
  }
}

const origin = Date.now()
const clock = scaledClock(SPEED, origin)
let directory: string
let lab: Lab
const running = new Set<ChildProcess>()

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'fw-crash-'))
  lab = await startLab({ seed: 3, clock, directory })
})

afterAll(async () => {
  for (const child of running) child.kill('SIGKILL')
  await lab.close()
  await rm(directory, { recursive: true, force: true })
})

async function start(
  options: Pick<ServiceProcessOptions, 'dataDirectory' | 'socketPath' | 'roles'>,
): Promise<Running> {
  const all: ServiceProcessOptions = {
    ...options,
    speed: SPEED,
    origin,
    vantages: lab.vantages,
    asnMmdb: lab.asnMmdb,
    countryMmdb: lab.countryMmdb,
  }
  const child = fork(join(import.meta.dirname, 'service-process.ts'), [JSON.stringify(all)], { execArgv: [] })
  running.add(child)
  child.once('exit', () => running.delete(child))
  const [ready] = (await Promise.race([
    once(child, 'message'),
    once(child, 'exit').then(([code]) => Promise.reject(new Error(`the service ended with ${code}`))),
  ])) as [{ url: string | null; redisPid: number | null }]
  return { process: child, ...ready }
}

async function kill(child: ChildProcess): Promise<void> {
  const gone = once(child, 'exit')
  child.kill('SIGKILL')
  await gone
}

async function call(method: 'GET' | 'POST', url: string, body?: unknown): Promise<Record<string, unknown>> {
  const answer = await request(url, {
    method,
    ...(body !== undefined && {
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    }),
  })
  const text = await answer.body.text()
  if (answer.statusCode >= 400) throw new Error(`${method} ${url} answered ${answer.statusCode}: ${text}`)
  return JSON.parse(text) as Record<string, unknown>
}

async function submit(url: string, domains: readonly string[], endpoint: Endpoint): Promise<string> {
  const webhook = { url: endpoint.receiver.url, secret: endpoint.secret, events: ['domain.verdict.changed'] }
  const scan = await call('POST', `${url}/v1/scans`, { domains, webhook })
  expect(scan['accepted']).toBe(domains.length)
  return String(scan['id'])
}

async function verdictsOf(
  url: string,
  scan: string,
): Promise<Map<string, { verdict: string; rounds: number; watching: boolean }>> {
  const page = await call('GET', `${url}/v1/scans/${scan}/verdicts?limit=500`)
  const items = page['items'] as { domain: string; verdict: string; rounds: number; watching: boolean }[]
  return new Map(items.map((item) => [item.domain, item]))
}

/** Looks again and again (a poll of the product's own API, as its users do) until `isReached`. */
async function until(what: string, limitMs: number, isReached: () => Promise<boolean>): Promise<void> {
  const end = performance.now() + limitMs
  while (!(await isReached())) {
    if (performance.now() > end) throw new Error(`not within ${limitMs / 1000} s: ${what}`)
    await delay(250)
  }
}

/** Names that do not exist, names whose servers say nothing (their rounds last for seconds), and one zone of each class. */
function names(label: string): string[] {
  const silent = lab.world.zones.find((zone) => zone.class === 'timeout')!
  return [
    ...Array.from({ length: 30 }, (_, index) => `${label}${index}.no-such-name.example`),
    ...Array.from({ length: 10 }, (_, index) => `${label}${index}.${silent.apex}`),
  ]
}

/** Every change of every domain arrived at its own endpoint: from pending, link by link, to the verdict that the API tells. */
async function expectWholeChains(
  url: string,
  scan: string,
  domains: readonly string[],
  endpoint: Endpoint,
): Promise<void> {
  const verdicts = await verdictsOf(url, scan)
  const changes = Map.groupBy(endpoint.changes(), (change) => change.domain)
  expect([...changes.keys()].filter((domain) => !domains.includes(domain))).toEqual([])
  for (const domain of domains) {
    const links = changes.get(domain) ?? []
    const chain = ['pending', ...links.map((link) => link.verdict)]
    expect(links.map((link) => link.previous_verdict)).toEqual(chain.slice(0, -1))
    expect(chain.at(-1)).toBe(verdicts.get(domain)!.verdict)
  }
}

async function isAllDecided(url: string, scan: string): Promise<boolean> {
  return [...(await verdictsOf(url, scan)).values()].every(({ verdict }) => verdict === 'unresolvable')
}

/** Waits until both scans are decided and delivered, and checks every link of every chain. */
async function expectNothingLost(
  url: string,
  scans: readonly (readonly [scan: string, domains: readonly string[], endpoint: Endpoint])[],
) {
  const all = async (isReached: (scan: string, endpoint: Endpoint) => Promise<boolean>) =>
    (await Promise.all(scans.map(([scan, , endpoint]) => isReached(scan, endpoint)))).every(Boolean)
  await until('every domain decided', 180_000, () => all((scan) => isAllDecided(url, scan)))
  await until('every event delivered', 60_000, () =>
    all((scan, endpoint) => isDelivered(url, scan, endpoint)),
  )
  for (const [scan, domains, endpoint] of scans) await expectWholeChains(url, scan, domains, endpoint)
}

async function isDelivered(url: string, scan: string, endpoint: Endpoint): Promise<boolean> {
  const last = new Map(endpoint.changes().map((change) => [change.domain, change.verdict]))
  return [...(await verdictsOf(url, scan))].every(
    ([domain, { verdict }]) => (last.get(domain) ?? 'pending') === verdict,
  )
}

describe.concurrent('a killed worker', () => {
  let redis: TestRedis

  beforeAll(async () => {
    redis = await startRedis()
  })
  afterAll(() => redis.stop())

  it(
    'loses no domain and no event when it dies in mid-round, and another takes over',
    { timeout: 240_000 },
    async () => {
      const shared = { dataDirectory: join(directory, 'shared'), socketPath: redis.path }
      const api = await start({ ...shared, roles: { api: true, worker: false } })
      const worker = await start({ ...shared, roles: { api: false, worker: true } })
      const [alice, bob] = [await Endpoint.open(1), await Endpoint.open(2)]
      const [hers, his] = [names('alice'), names('bob')]
      const url = api.url!
      const [first, second] = [await submit(url, hers, alice), await submit(url, his, bob)]
      // Some rounds are committed; those of the silent names, several seconds long, are under way.
      await until('a first round', 30_000, async () =>
        [...(await verdictsOf(url, first)).values()].some(({ rounds }) => rounds > 0),
      )
      await kill(worker.process)
      const before = await verdictsOf(url, first)
      expect([...before.values()].some(({ rounds }) => rounds === 0)).toBe(true)

      const heir = await start({ ...shared, roles: { api: false, worker: true } })
      await expectNothingLost(url, [
        [first, hers, alice],
        [second, his, bob],
      ])
      await Promise.all([kill(heir.process), kill(api.process)])
      await Promise.all([alice.receiver.stop(), bob.receiver.stop()])
    },
  )
})

describe.concurrent('a killed service with its own Redis', () => {
  it(
    'watches every accepted domain again after a restart, and delivers what was owed',
    { timeout: 240_000 },
    async () => {
      const alone = {
        dataDirectory: join(directory, 'alone'),
        socketPath: null,
        roles: { api: true, worker: true },
      }
      const service = await start(alone)
      const [alice, bob] = [await Endpoint.open(3), await Endpoint.open(4)]
      const [hers, his] = [names('carol'), names('dave')]
      const first = await submit(service.url!, hers, alice)
      await until('a first round', 30_000, async () =>
        [...(await verdictsOf(service.url!, first)).values()].some(({ rounds }) => rounds > 0),
      )
      const second = await submit(service.url!, his, bob)
      // The answer to the POST was the promise. Now the worst: service and Redis at once, without a word.
      await kill(service.process)
      process.kill(service.redisPid!, 'SIGKILL')

      const again = await start(alone)
      const url = again.url!
      for (const [scan, domains] of [
        [first, hers],
        [second, his],
      ] as const) {
        const verdicts = await verdictsOf(url, scan)
        expect([...verdicts.keys()].toSorted()).toEqual(domains.toSorted())
        expect([...verdicts.values()].every(({ watching }) => watching)).toBe(true)
      }
      await expectNothingLost(url, [
        [first, hers, alice],
        [second, his, bob],
      ])
      const gone = once(again.process, 'exit')
      again.process.kill('SIGTERM')
      expect((await gone)[0]).toBe(0)
      await Promise.all([alice.receiver.stop(), bob.receiver.stop()])
    },
  )
})
