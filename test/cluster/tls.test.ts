// Redis over TLS in all three forms, with a certificate that only our own authority vouches for: with it the connection is made,
// without it the refusal says what is wrong.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Redis } from 'ioredis'
import { afterEach, expect, test } from 'vitest'
import {
  connectForRequests,
  connectForWork,
  mastersOf,
  ready,
  type LiveRedis,
} from '../../src/store/redis.ts'
import { eventually, freePorts, inMemoryOnly, startServer } from '../support/redis-process.ts'
import { TestSentinels } from '../support/redis-sentinel.ts'
import { quiet } from './cluster-house.ts'

const CERTIFICATES = join(import.meta.dirname, '../dns/certificates')
const CA = readFileSync(join(CERTIFICATES, 'ca.pem'), 'utf8')
const SETTINGS = {
  'tls-cert-file': join(CERTIFICATES, 'server.pem'),
  'tls-key-file': join(CERTIFICATES, 'server.key.pem'),
  'tls-ca-cert-file': join(CERTIFICATES, 'ca.pem'),
  'tls-auth-clients': 'no',
}

const closing: (() => Promise<unknown> | void)[] = []
afterEach(async () => {
  for (const close of closing.splice(0).toReversed()) await close()
})

async function startTlsServer(more: Readonly<Record<string, string>> = {}): Promise<number> {
  const [port, busPort] = (await freePorts(2)) as [number, number]
  const settings = { ...SETTINGS, bind: '127.0.0.1', port: '0', 'tls-port': String(port), ...more }
  if ('cluster-enabled' in more) Object.assign(settings, { 'cluster-port': String(busPort) })
  const server = await startServer({
    program: 'redis-server',
    parameters: (folder) => [
      ...inMemoryOnly(folder),
      ...Object.entries(settings).flatMap(([name, value]) => [`--${name}`, value]),
    ],
    saysWhenReady: 'eady to accept connections',
  })
  closing.push(() => server.stop())
  return port
}

async function opened(make: typeof connectForWork, url: string, ca: string | null): Promise<LiveRedis> {
  const redis = quiet(make({ url, ca }))
  closing.push(() => redis.disconnect())
  return ready(redis)
}

/** Both kinds of connection are made with the authority, and refused without it, in a sentence. */
async function expectTrust(url: string): Promise<void> {
  for (const make of [connectForRequests, connectForWork]) {
    const redis = await opened(make, url, CA)
    await redis.set('{x}', 'y')
    expect(await redis.get('{x}')).toBe('y')
    expect(mastersOf(redis).map(({ status }) => status)).toEqual(['ready'])
    await expect(opened(make, url, null)).rejects.toThrow(/cannot be used: .*certificate.*Check REDIS_URL\.$/)
  }
}

test('One server is trusted by the authority that is given', async () => {
  await expectTrust(`rediss://127.0.0.1:${await startTlsServer()}`)
})

test('So is a cluster, in the nodes of the URL and in those that it tells', async () => {
  const port = await startTlsServer({
    'cluster-enabled': 'yes',
    'tls-cluster': 'yes',
    'cluster-announce-ip': '127.0.0.1',
  })
  const node = new Redis({ host: '127.0.0.1', port, tls: { ca: CA } })
  closing.push(() => node.disconnect())
  await node.call('CLUSTER', 'ADDSLOTSRANGE', '0', '16383')
  await eventually(
    async () => ((await node.cluster('INFO')) as string).includes('cluster_state:ok'),
    'the cluster is up',
  )
  await expectTrust(`rediss+cluster://127.0.0.1:${port}`)
})

test('So are Sentinels, and the master that they name', async () => {
  const sentinels = await TestSentinels.start({ settings: SETTINGS, tls: { ca: CA } })
  closing.push(() => sentinels.stop())
  await expectTrust(`rediss+sentinel://${sentinels.place}`)
})
