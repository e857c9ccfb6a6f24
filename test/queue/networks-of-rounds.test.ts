// From probe rounds to the network: names of one botnet are watched on a real Redis until they are flagged, and the network stands in
// their verdicts, is told to webhooks once, and counts for a name that is not flagged yet.
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { Enrichment } from '../../src/core/model/address-facts.ts'
import { DEFAULT_POLICY, type Policy } from '../../src/core/policy.ts'
import { DeliverQueue } from '../../src/queue/deliver-queue.ts'
import { dispatcher } from '../../src/queue/dispatcher.ts'
import { NetworkKeeper } from '../../src/queue/networks/network-keeper.ts'
import { runTerm } from '../../src/queue/networks/term-run.ts'
import { probeRound } from '../../src/queue/probe-round.ts'
import type { RoundParts } from '../../src/queue/round-ports.ts'
import { DeliveryLog } from '../../src/store/delivery-log.ts'
import { FLAGGED_FIELD, FlaggedNames } from '../../src/store/flagged-names.ts'
import { KeptNetworks } from '../../src/store/kept-networks.ts'
import { keys, PARTITIONS, QUEUE_PREFIX } from '../../src/store/keys.ts'
import { LiveAgents } from '../../src/store/live-agents.ts'
import { LiveDomains } from '../../src/store/live-domains.ts'
import { LiveNetworks } from '../../src/store/live-networks.ts'
import { OutboxReader } from '../../src/store/outbox-reader.ts'
import { WebhookStore } from '../../src/store/webhook-store.ts'
import { host, LiveHouse, NO_ENRICHMENT } from '../store/live-house.ts'
import { ScriptedProber } from './scripted-prober.ts'

const MINUTE_MS = 60_000
const BOTS = Array.from({ length: 24 }, (_, index) => `${20 + index}.${index}.0.1`)
const BOTNET = ['www.bad.example', 'www.evil.test', 'login.worse.example']
const BYSTANDER = 'www.innocent.example'

/** Each bot sits with an access provider of its own. */
const HOME_LINES: Enrichment = {
  hasAsn: true,
  hasCountry: true,
  factsOf: (address) => ({
    asn: Number(address.split('.')[1]),
    organisation: `Provider ${address.split('.')[1]} Broadband`,
    country: ['UA', 'RU', 'BR', 'MX', 'BG', 'EG', 'KR'][Number(address.split('.')[1]) % 7]!,
  }),
}
/** Whatever moves is flux: what the model makes of this story is not asked here. */
const EAGER: Policy = {
  ...DEFAULT_POLICY,
  priors: { none: 0.02, single: 0.96, ns: 0.01, double: 0.01 },
  errorRates: { falseAlarm: 0.99, miss: 0.99 },
}

let house: LiveHouse
let networks: LiveNetworks
let domains: LiveDomains
let prober: ScriptedProber
let parts: RoundParts
beforeAll(async () => {
  house = await LiveHouse.open()
})
/** Keepers before readers. */
const running: { stop(withinMs: number): Promise<unknown> }[] = []
afterEach(async () => {
  for (const each of running.splice(0)) await each.stop(1_000)
})
afterAll(() => house?.close())
beforeEach(async () => {
  await house.reset()
  const { redis, targets, signal, clock } = house
  networks = new LiveNetworks(redis)
  domains = new LiveDomains({
    redis,
    targets,
    signal,
    clock,
    enrichment: NO_ENRICHMENT,
    policy: DEFAULT_POLICY,
    networks,
  })
  prober = new ScriptedProber(clock)
  parts = {
    store: targets,
    prober,
    enrichment: HOME_LINES,
    agents: new LiveAgents(redis),
    networks,
    flaggedNames: new FlaggedNames(redis),
    policy: EAGER,
    clock,
  }
})

/** Every name shows six bots of the one pool, two of them new each minute. */
async function rounds(names: readonly string[], count: number): Promise<void> {
  for (let round = 0; round < count; round += 1) {
    const minute = Math.floor(house.clock.now() / MINUTE_MS)
    for (const [index, name] of names.entries()) {
      const shown = [0, 1, 2, 3, 4, 5].map((place) => BOTS[(minute * 2 + place + index) % BOTS.length]!)
      prober.answer(`${name} A`, shown)
      await probeRound(host(name), parts)
    }
    house.clock.advance(MINUTE_MS + 1_000)
  }
}

function reader(group: string, streamOf: (partition: string) => string, field: string): OutboxReader {
  const streams = PARTITIONS.map(streamOf)
  const made = new OutboxReader(house.redis, { group, consumer: group, streams, field })
  running.push(made)
  return made
}

function keeper(): NetworkKeeper {
  const store = new KeptNetworks(house.redis, 'test')
  const term = {
    store,
    reader: reader('networks', keys.flagged, FLAGGED_FIELD),
    policy: EAGER,
    clock: house.clock,
    sweepMs: MINUTE_MS,
    onError: () => {},
  }
  const made = new NetworkKeeper({
    store,
    run: (generation) => runTerm(term, generation),
    onError: () => {},
  })
  running.unshift(made)
  return made
}

describe('Names of one botnet', () => {
  test('stand as one network in their verdicts, and webhooks are told of it once', async () => {
    const { redis, clock } = house
    const endpoints = new WebhookStore(redis)
    const log = new DeliveryLog(redis)
    const made = { secret: 'whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYX', createdAt: clock.now() }
    const wanted = ['network.changed'] as const
    await endpoints.add({ ...made, id: 'wh_all', url: 'https://soc.example/', events: wanted, scan: null })
    await endpoints.add({
      ...made,
      id: 'wh_scan',
      url: 'https://soc.example/',
      events: wanted,
      scan: 'scn_1',
    })
    const deliveries = new DeliverQueue({
      redis,
      prefix: QUEUE_PREFIX.deliver,
      records: log,
      endpoints,
      clock,
      onError: () => {},
    })
    const events = reader('dispatcher', keys.events, 'event')
    const keeping = keeper()

    await house.scan(BOTNET)
    await rounds(BOTNET, 16)
    keeping.start()
    await events.start(dispatcher({ scans: house.scans, subscriptions: endpoints, deliveries }))
    await expect.poll(async () => (await networks.networkOf(BOTNET[0]!))?.domains).toBe(3)
    await expect
      .poll(async () => (await log.list('wh_all', { cursor: null, limit: 9 })).items)
      .toHaveLength(1)

    const verdicts = await domains.getMany(BOTNET)
    expect(verdicts.map(({ verdict }) => verdict)).toEqual(['flux', 'flux', 'flux'])
    const [first] = verdicts
    expect(first!.network).toMatchObject({ domains: 3 })
    expect(new Set(verdicts.map(({ network }) => network!.id)).size).toBe(1)
    const [delivery] = (await log.list('wh_all', { cursor: null, limit: 9 })).items
    expect(delivery!.event).toMatchObject({
      type: 'network.changed',
      data: { id: first!.network!.id, change: 'formed', version: 1, count: 3, names: BOTNET.toSorted() },
    })
    // It is no scan's business.
    expect((await log.list('wh_scan', { cursor: null, limit: 9 })).items).toEqual([])

    // A name that shows the same machines and moves is weighed by the network behind them.
    clock.advance(MINUTE_MS)
    parts = { ...parts, policy: DEFAULT_POLICY }
    await house.scan(['new.example'])
    await rounds(['new.example'], 3)
    const { assessment } = (await domains.get('new.example'))!
    const feature = assessment!.features.find(({ id }) => id === 'a_network_domains')!
    // Of the neighbours' 0.69 nats and the network's 0.46 the greater counts, and the other is silent.
    expect(feature).toMatchObject({ value: 3 })
    expect(feature.support).toBeGreaterThanOrEqual(2)
    expect(assessment!.evidence.filter(({ id }) => /neighbours|network/.test(id))).toMatchObject([
      { id: 'a-flagged-neighbours', weight: 0.69, value: 3 },
    ])
    await deliveries.close()
  })

  test('have a name listed with them that is nearly flux; it convicts nobody, and leaves when it is cleared', async () => {
    await house.scan(BOTNET)
    await rounds(BOTNET, 16)
    keeper().start()
    await expect.poll(async () => (await networks.networkOf(BOTNET[0]!))?.domains).toBe(3)
    const { id } = (await networks.networkOf(BOTNET[0]!))!

    const nearly = 'new.example'
    const ofOne = BOTS.filter((_, index) => index % 8 === 0)
    prober.answer(`${nearly} A`, ofOne, 3_600)
    await house.scan([nearly], { watchForSeconds: 86_400 })
    await probeRound(host(nearly), parts)
    await expect.poll(async () => (await domains.get(nearly))!.network).toMatchObject({ id, domains: 4 })
    expect((await domains.get(nearly))!.verdict).toBe('pending')
    const { items } = await networks.members(id, { cursor: null, limit: 9 })
    expect(items.map(({ domain, standsAlone }) => [domain, standsAlone])).toEqual(
      expect.arrayContaining([...BOTNET.map((name) => [name, true]), [nearly, false]]),
    )
    const networksNow = await new LiveNetworks(house.redis).networksOf(
      [nearly, 'bad.example'],
      house.clock.now(),
    )
    expect([...networksNow]).toEqual([['bad.example', [{ id, domains: 3 }]]])

    parts = { ...parts, policy: DEFAULT_POLICY }
    for (let round = 0; (await domains.get(nearly))!.verdict !== 'no_flux_seen'; round += 1) {
      expect(round).toBeLessThan(60)
      house.clock.advance(20 * MINUTE_MS)
      await probeRound(host(nearly), parts)
    }
    await expect.poll(async () => await networks.networkOf(nearly)).toBeNull()
    expect(await networks.get(id)).toMatchObject({ domains: 3 })
  })

  test('have a stranger at their machines who was looked at enough and never flagged', async () => {
    await house.scan(BOTNET)
    await rounds(BOTNET, 8)
    // Two machines that were abused: who lives there as well, and stays.
    const noted = await Promise.all(BOTS.map((bot) => house.redis.exists(keys.flaggedAt('address', bot))))
    const homes = BOTS.filter((_, index) => noted[index] === 1).slice(0, 2)
    const elsewhere = BOTS.find((bot) => !homes.includes(bot))!
    parts = { ...parts, agents: new LiveAgents(house.redis), policy: DEFAULT_POLICY }
    await house.scan([BYSTANDER], { watchForSeconds: 86_400 })
    prober.answer(`${BYSTANDER} A`, homes, 3_600)
    await probeRound(host(BYSTANDER), parts)
    expect((await domains.get(BYSTANDER))!.verdict).toBe('pending')
    const strangersAt = (address: string): Promise<number> => house.redis.pfcount(keys.strangers(address))
    expect(await strangersAt(homes[0]!)).toBe(0)
    for (let round = 0; (await domains.get(BYSTANDER))!.verdict !== 'no_flux_seen'; round += 1) {
      expect(round).toBeLessThan(60)
      house.clock.advance(20 * MINUTE_MS)
      await probeRound(host(BYSTANDER), parts)
    }
    expect(await Promise.all([...homes, elsewhere].map(strangersAt))).toEqual([1, 1, 0])
  })
})
