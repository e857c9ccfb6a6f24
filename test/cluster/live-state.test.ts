// The life of the live state on a cluster of three masters: what a single server does in test/store, over several of them.
import { Cluster } from 'ioredis'
import { describe, expect, test } from 'vitest'
import type { OutboxEntry } from '../../src/core/model/outbox.ts'
import { parseTargetId, type TargetId } from '../../src/core/model/target.ts'
import { observationsOfEntry } from '../../src/core/outbox/round-frames.ts'
import { slotOf } from '../../src/store/cluster-slot.ts'
import { NetworkRoll } from '../../src/core/networks/network-plan.ts'
import { FlaggedNames } from '../../src/store/flagged-names.ts'
import { KeptNetworks, SupersededError } from '../../src/store/kept-networks.ts'
import { keys, partitionOf, PARTITIONS } from '../../src/store/keys.ts'
import { LiveAgents } from '../../src/store/live-agents.ts'
import { LiveNetworks } from '../../src/store/live-networks.ts'
import { backlogOf } from '../../src/store/outbox-reader.ts'
import {
  connectForRequests,
  connectForWork,
  evictionPolicy,
  isCluster,
  mastersOf,
  ready,
  usedMemory,
} from '../../src/store/redis.ts'
import { WebhookStore } from '../../src/store/webhook-store.ts'
import {
  claimAll as claimOf,
  commitOf,
  host,
  observationOf,
  T,
  verdictEntryOf,
  zone,
} from '../store/live-house.ts'
import { startRedis } from '../support/redis.ts'
import { freePorts } from '../support/redis-process.ts'
import { clusterHouse, names, quiet } from './cluster-house.ts'

const NAMES = names(60)
const OBSERVATIONS = PARTITIONS.map(keys.observations)
const EVENTS = PARTITIONS.map(keys.events)

const house = clusterHouse()

/** All that is due now, claimed until a minute later. */
async function claimAll(): Promise<TargetId[]> {
  const claims = await Promise.all(
    PARTITIONS.map((partition) => claimOf(house.state.targets, partition, T, T + 60_000, 100)),
  )
  return claims.flat().map(({ id }) => id)
}

describe('On a cluster', () => {
  test('a slot is told as the cluster tells it', async () => {
    const [node] = house.cluster.nodes
    const some = ['', 'foo', '123456789', 'fw:{73s}:due', '{hooks}x{y}', 'a{}b{c}', '{', '}{a}', 'dömain']
    for (const key of [...some, ...PARTITIONS.map((partition) => keys.due(partition))]) {
      expect(slotOf(key)).toBe(await node!.redis.cluster('KEYSLOT', key))
    }
  })

  test('the partitions lie on all masters', async () => {
    const owners = await Promise.all(
      PARTITIONS.map((partition) => house.cluster.ownerOf(slotOf(keys.due(partition)))),
    )
    expect(new Set(owners).size).toBe(3)
  })

  test('a scan goes from intake to verdicts, and each stream tells its part of it', async () => {
    const scan = await house.state.scan(NAMES)
    const claimed = await claimAll()
    expect(claimed.toSorted()).toEqual(NAMES.map(host).toSorted())
    const results = await Promise.all(
      claimed.map((id) => house.state.targets.commit(commitOf(id, 0, { verdict: 'flux' }))),
    )
    expect(new Set(results)).toEqual(new Set(['committed']))
    expect(await claimAll()).toEqual([])
    expect(await house.state.targets.lag(T)).toEqual({ watched: NAMES.length, oldestDueMs: 0 })

    // One entry a partition: they were committed in one turn.
    const partitions = new Set(NAMES.map(partitionOf))
    expect(await backlogOf(house.state.requests, OBSERVATIONS)).toBe(partitions.size)
    const rows = (await house.state.drain(OBSERVATIONS, 'round')).flatMap(observationsOfEntry)
    expect(rows).toHaveLength(NAMES.length)
    expect(new Set(rows)).toEqual(new Set(NAMES.map((name) => observationOf(host(name), 1))))
    expect(await backlogOf(house.state.requests, OBSERVATIONS)).toBe(0)

    const told = (await house.state.drain(EVENTS, 'event')).map(
      (payload) => JSON.parse(String(payload)) as OutboxEntry,
    )
    expect(new Set(told)).toEqual(new Set(NAMES.map((name) => verdictEntryOf(name, 'flux', 1))))
    await Promise.all(
      NAMES.map((domain) =>
        house.state.scans.countVerdict(scan, { domain, verdict: 'flux', version: 1, settled: true }),
      ),
    )
    expect(await house.state.scans.get(scan)).toMatchObject({
      state: 'completed',
      verdicts: { flux: NAMES.length },
    })
    const page = await house.state.scans.verdicts(scan, { verdict: 'flux', cursor: null, limit: 100 })
    expect(page?.items.map(({ domain }) => domain)).toEqual(NAMES)
  })

  test('a waiting request is woken by a commit on whichever master', async () => {
    const waiting = names(63).slice(60)
    await house.state.scan(waiting)
    const answers = waiting.map((name) =>
      house.state.domains.waitForVerdict(name, 20_000, new AbortController().signal),
    )
    await Promise.all(
      waiting.map((name) => house.state.targets.commit(commitOf(host(name), 0, { verdict: 'suspicious' }))),
    )
    expect((await Promise.all(answers)).map((answer) => answer?.verdict)).toEqual(
      waiting.map(() => 'suspicious'),
    )
  })

  test('a scan can be cancelled, and domains stopped, wherever they lie', async () => {
    const scan = await house.state.scan(names(90).slice(63))
    expect(await house.state.scans.cancel(scan)).toBe(true)
    const domains = await house.state.domains.getMany(names(90).slice(63))
    expect(domains.map(({ watching }) => watching)).toEqual(domains.map(() => false))
    expect(domains).toHaveLength(27)
  })

  test('references, agents and webhook endpoints work across masters', async () => {
    await house.state.targets.addReference(zone('shared.example'), host(NAMES[0]!), T)
    expect(await house.state.targets.referrersOf(zone('shared.example'), 10)).toEqual([host(NAMES[0]!)])
    const agents = new LiveAgents(house.state.work)
    const seen = ['192.0.2.1', '192.0.2.2', '2001:db8::3'].map((address) => ({
      role: 'address' as const,
      address,
      last: T,
    }))
    await agents.note('bad.example', seen, T)
    const flagged = await new LiveAgents(house.state.requests).flaggedAt(seen, T)
    expect([...flagged.addresses.keys()].toSorted()).toEqual(seen.map(({ address }) => address).toSorted())
    const hooks = new WebhookStore(house.state.requests)
    const event = {
      id: 'evt_1',
      type: 'scan.completed' as const,
      timestamp: new Date(T).toISOString(),
      data: { message: '' },
    }
    const fixed = { url: 'https://hooks.example/', secret: 'whsec_x', events: [event.type], createdAt: T }
    await hooks.add({ id: 'whk_1', scan: null, ...fixed })
    await hooks.add({ id: 'whk_2', scan: 'scn_1', ...fixed })
    expect(await hooks.endpointsFor(event as never, ['scn_1'])).toEqual(['whk_1', 'whk_2'])
  })

  test('networks are kept, fenced and read across masters', async () => {
    const { work, requests } = house.state
    const kept = new KeptNetworks(work, 'one')
    const generation = (await kept.take())!
    const domains = NAMES.slice(0, 20)
    const members = domains.map((domain) => ({
      name: { domain, agents: [{ address: '20.0.0.1', last: T, strangers: 0 }], standsAlone: true, at: T },
      network: 'net_1',
      joinedAt: T,
    }))
    const roll = new NetworkRoll()
    const summary = {
      id: 'net_1',
      formedAt: T,
      changedAt: T,
      version: 1,
      endedAt: null,
      mergedInto: null,
      splitFrom: null,
      domains: 20,
      agents: 1,
      agentsEver: 1,
      growth: [],
    }
    const plan = roll.plan({ changes: [], networks: [summary], members, gone: [] })
    await kept.log(plan, generation)
    await kept.keep(plan, generation)
    await kept.forgetLog(generation)
    const networks = new LiveNetworks(requests)
    expect((await networks.members('net_1', { cursor: null, limit: 100 })).items).toHaveLength(20)
    expect(await networks.networkOf(domains[7]!)).toEqual({ id: 'net_1', domains: 20, agents: 1 })
    expect((await kept.load()).members).toHaveLength(20)
    const flagged = new FlaggedNames(work)
    await flagged.noteStranger('shop.example', ['20.0.0.1', '20.0.0.2'], T)
    for (const { name } of members) expect(await flagged.tell(name, T)).toBe(true)
    expect(await backlogOf(requests, PARTITIONS.map(keys.flagged))).toBe(20)
    await kept.release()
    expect(await new KeptNetworks(work, 'two').take()).toBeGreaterThan(generation)
    await expect(kept.keep(plan, generation)).rejects.toThrow(SupersededError)
  })

  test('all that one commit writes lies in one slot', async () => {
    const id = host('one-slot.example')
    const partition = partitionOf(parseTargetId(id).name)
    const sizes = async (): Promise<Map<string, number>> => {
      const masters = await house.cluster.masters()
      const monitor = await Promise.all(masters.map(({ redis }) => redis.dbsize()))
      return new Map(masters.map(({ id: master }, index) => [master, monitor[index]!]))
    }
    await house.state.scan(['one-slot.example'])
    const before = await sizes()
    await house.state.targets.commit(commitOf(id, 0, { verdict: 'flux' }))
    const after = await sizes()
    const owner = await house.cluster.ownerOf(slotOf(keys.due(partition)))
    for (const [master, size] of after) if (master !== owner.id) expect(size).toBe(before.get(master))
    expect(after.get(owner.id)).toBeGreaterThanOrEqual(before.get(owner.id)!)
  })
})

describe('A connection to a cluster', () => {
  test('knows its masters, and that they evict nothing', async () => {
    expect(isCluster(house.state.requests)).toBe(true)
    expect(mastersOf(house.state.requests).map(({ status }) => status)).toEqual(['ready', 'ready', 'ready'])
    expect(await evictionPolicy(house.state.requests)).toBe('noeviction')
  })

  test('tells of a single master that evicts', async () => {
    const [master] = await house.cluster.masters()
    await master!.redis.config('SET', 'maxmemory-policy', 'allkeys-lru')
    try {
      expect(await evictionPolicy(house.state.requests)).toBe('allkeys-lru')
    } finally {
      await master!.redis.config('SET', 'maxmemory-policy', 'noeviction')
    }
  })

  test('tells the memory of the master that is fullest by its own limit', async () => {
    const [, master] = await house.cluster.masters()
    await master!.redis.config('SET', 'maxmemory', '64mb')
    try {
      expect(await usedMemory(house.state.requests)).toEqual({
        usedBytes: expect.any(Number),
        maxBytes: 64 * 1024 * 1024,
      })
    } finally {
      await master!.redis.config('SET', 'maxmemory', '512mb')
    }
  })

  test('is refused with a sentence where nobody listens, where it is no cluster, and with a wrong password', async () => {
    const refusal = (url: string) => ready(quiet(connectForWork({ url }))).then(String, String)
    expect(await refusal('redis+cluster://127.0.0.1:1,127.0.0.1:2')).toMatch(
      /^RedisUnreachableError: Redis at the cluster of 127\.0\.0\.1:1, 127\.0\.0\.1:2 cannot be used: .*ECONNREFUSED.* Check REDIS_URL\.$/,
    )
    const [port] = await freePorts(1)
    const single = await startRedis(['--port', String(port)])
    const toNoCluster = await refusal(`redis+cluster://127.0.0.1:${port}`)
    await single.stop()
    expect(toNoCluster).toMatch(/cannot be used: ERR This instance has cluster support disabled/)
    const [node] = house.cluster.nodes
    const said = await refusal(`redis+cluster://flux:s3cret@127.0.0.1:${node!.port}`)
    expect(said).toMatch(/cannot be used: WRONGPASS/)
    expect(said).not.toContain('s3cret')
  })

  test('of requests fails at once before it is connected', async () => {
    const redis = quiet(connectForRequests({ url: 'redis+cluster://127.0.0.1:1' }))
    try {
      expect(redis).toBeInstanceOf(Cluster)
      await expect(redis.get('x')).rejects.toThrow()
    } finally {
      redis.disconnect()
    }
  })
})
