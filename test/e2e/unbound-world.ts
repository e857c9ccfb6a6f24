// The inside of the end-to-end test: runs in a network namespace where every IPv4 address is local, so that real unbounds
// resolve from the lab's root servers at real-looking addresses. Prints progress on stderr and one JSON document on stdout.
// The lab runs SPEED times as fast as the machine and its authorities divide their TTLs by as much; the service runs in real
// time with floors and intervals divided likewise. So an hour of flux is watched in three minutes.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { pino } from 'pino'
import { Webhook } from 'standardwebhooks'
import { request } from 'undici'
import { scaledClock, systemClock } from '../../src/clock.ts'
import { readConfig } from '../../src/config.ts'
import { DEFAULT_POLICY, type EvidenceFloor, type Policy } from '../../src/core/policy.ts'
import { openAuthorities } from '../../src/lab/authorities.ts'
import { writeLabDatabases } from '../../src/lab/mmdb-databases.ts'
import { RESOLVER_PREFIXES } from '../../src/lab/regions.ts'
import { createWorld } from '../../src/lab/world.ts'
import { startOwnRedis } from '../../src/store/own-redis.ts'
import { startService } from '../../src/wiring.ts'
import { WebhookReceiver } from '../support/webhook-receiver.ts'
import { startUnbound } from './unbound-resolver.ts'

const SPEED = 20
const LIMIT_MS = 210_000
const CLASSES = [
  'classic-single-flux',
  'one-address-ttl0-flux',
  'double-flux',
  'cdn',
  'round-robin',
  'static',
]
/** What the outer test asserts of these; reaching it ends the run early. */
const SETTLED: Record<string, string> = {
  'classic-single-flux': 'flux single',
  'one-address-ttl0-flux': 'flux single',
  'double-flux': 'flux double',
  cdn: 'no_flux_seen null',
  'round-robin': 'no_flux_seen null',
  static: 'no_flux_seen null',
}

const directory = await mkdtemp(join(tmpdir(), 'fw-e2e-'))
const clock = scaledClock(SPEED)
const world = createWorld({ seed: 7, startAt: clock.now() })
const authorities = await openAuthorities({
  world,
  clock,
  ttlDivisor: SPEED,
  onError: (error) => process.stderr.write(`authorities: ${error.message}\n`),
})
const resolvers = await Promise.all(
  Object.entries(RESOLVER_PREFIXES).map(async ([region, prefix]) => {
    const address = `${prefix}53`
    return {
      id: `unbound-${region}`,
      address,
      server: await startUnbound({ address, rootServers: authorities.rootServers, directory }),
    }
  }),
)
const databases = await writeLabDatabases(world.addressPlan, { directory, builtAt: clock.now() })
const redis = await startOwnRedis(directory)
const receiver = await WebhookReceiver.start(() => ({ status: 204 }))
const secret = `whsec_${Buffer.alloc(32, 7).toString('base64')}`
const service = await startService({
  config: {
    ...readConfig({
      FLUXWATCH_WEBHOOK_ALLOW: '127.0.0.0/8',
      FLUXWATCH_PORT: '0',
      FLUXWATCH_DATA_DIR: directory,
    }),
    vantages: [
      ...resolvers.map(({ id, address }) => ({ id, protocol: 'udp', server: `${address}:53`, qps: 500 })),
      {
        id: 'direct',
        protocol: 'direct',
        rootHints: authorities.rootServers.map(({ address }) => address),
        qps: 500,
        qpsPerAuthority: 200,
        // Some of the lab's addresses lie in ranges that are set aside for documentation.
        allowSpecialPurpose: true,
      },
    ],
    ...databases,
  },
  redis: { socketPath: redis.socketPath },
  clock: systemClock,
  policy: compressed(DEFAULT_POLICY),
  logger: pino({ level: 'error' }, process.stderr),
  version: 'test',
  roles: { api: true, worker: true },
})

const zones = world.zones.filter((zone) => CLASSES.includes(zone.class))
const posted = await call('POST', '/v1/scans', {
  domains: zones.map((zone) => zone.host),
  webhook: { url: receiver.url, secret, events: ['domain.flux.detected', 'domain.verdict.changed'] },
})
const end = performance.now() + LIMIT_MS
let verdicts: Record<string, unknown>[] = []
do {
  await delay(1000)
  verdicts = (await call('GET', `/v1/scans/${posted['id']}/verdicts?limit=100`))['items'] as Record<
    string,
    unknown
  >[]
  process.stderr.write(`e2e: ${verdicts.map((v) => `${v['domain']}=${short(v)}`).join(' ')}\n`)
} while (
  performance.now() < end &&
  !zones.every((zone) => short(verdictOf(zone.host)) === SETTLED[zone.class])
)

const ready = await call('GET', '/readyz')
const double = zones.find((zone) => zone.class === 'double-flux')
const seenDirectly = await call(
  'GET',
  `/v1/domains/${double?.host}/observations?vantage=direct&type=NS&limit=200`,
)
await service.close()
const webhooks = receiver.requests.map((received) => {
  const body = new Webhook(secret).verify(
    received.body.toString(),
    received.headers as Record<string, string>,
  )
  return body as { type: string; data: { domain: string; verdict: string; flux_type: string | null } }
})
process.stdout.write(
  JSON.stringify({
    zones: zones.map((zone) => ({ class: zone.class, host: zone.host, verdict: verdictOf(zone.host) })),
    webhooks,
    ready,
    seenDirectly: seenDirectly['items'],
  }),
)
await receiver.stop()
await redis.stop()
await Promise.all(resolvers.map(({ server }) => server.stop()))
await authorities.close()
await rm(directory, { recursive: true, force: true })

function verdictOf(host: string): Record<string, unknown> {
  return verdicts.find((verdict) => verdict['domain'] === host) ?? {}
}

function short(verdict: Record<string, unknown>): string {
  return `${verdict['verdict']} ${verdict['flux_type']}`
}

async function call(method: 'GET' | 'POST', path: string, body?: unknown): Promise<Record<string, unknown>> {
  const answer = await request(`${service.url}${path}`, {
    method,
    ...(body !== undefined && {
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    }),
  })
  const text = await answer.body.text()
  if (answer.statusCode >= 400) throw new Error(`${method} ${path} answered ${answer.statusCode}: ${text}`)
  return JSON.parse(text) as Record<string, unknown>
}

/** Every duration of the policy divided by SPEED; what is counted stays as it is. */
function compressed(policy: Policy): Policy {
  const floor = (one: EvidenceFloor): EvidenceFloor => ({
    ...one,
    observedSeconds: one.observedSeconds / SPEED,
  })
  return {
    ...policy,
    fluxFloor: floor(policy.fluxFloor),
    fluxFloorWithoutAsn: floor(policy.fluxFloorWithoutAsn),
    noFluxFloor: floor(policy.noFluxFloor),
    unresolvableFloor: floor(policy.unresolvableFloor),
    minIntervalSeconds: policy.minIntervalSeconds / SPEED,
    directIntervalSeconds: policy.directIntervalSeconds / SPEED,
    undecidedMaxIntervalSeconds: policy.undecidedMaxIntervalSeconds / SPEED,
    maxIntervalSeconds: policy.maxIntervalSeconds / SPEED,
  }
}
