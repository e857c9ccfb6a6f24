// The dispatcher on the real live state: what a committed round leaves in the events stream becomes scan progress and deliveries.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { EventType, FluxEvent } from '../../src/core/model/event.ts'
import type { OutboxEntry, VerdictEntry } from '../../src/core/model/outbox.ts'
import { dispatcher, type Deliveries } from '../../src/queue/dispatcher.ts'
import { keys } from '../../src/store/keys.ts'
import { WebhookStore } from '../../src/store/webhook-store.ts'
import { commitOf, host, LiveHouse, T, verdictEntryOf } from '../store/live-house.ts'

const NAME = 'www.bad.example'
const ALL: EventType[] = ['domain.flux.detected', 'domain.verdict.changed', 'scan.completed']

class RecordingDeliveries implements Deliveries {
  readonly events: { event: FluxEvent; endpoints: readonly string[] }[] = []

  async enqueue(event: FluxEvent, endpoints: readonly string[]): Promise<void> {
    this.events.push({ event, endpoints })
  }

  /** Type and endpoints of what went to anybody. */
  sent(): [string, readonly string[]][] {
    return this.events
      .filter(({ endpoints }) => endpoints.length > 0)
      .map(({ event, endpoints }) => [event.type, endpoints])
  }
}

let house: LiveHouse
let webhooks: WebhookStore
let deliveries: RecordingDeliveries
let dispatch: (payloads: readonly string[]) => Promise<void>

beforeAll(async () => {
  house = await LiveHouse.open()
})
afterAll(() => house?.close())
beforeEach(async () => {
  await house.reset()
  webhooks = new WebhookStore(house.redis)
  deliveries = new RecordingDeliveries()
  const handle = dispatcher({ scans: house.scans, subscriptions: webhooks, deliveries })
  dispatch = (payloads) => handle(payloads.map((payload) => Buffer.from(payload)))
})

function endpoint(id: string, scan: string | null = null, events = ALL): Promise<unknown> {
  return webhooks.add({ id, url: 'https://hooks.example/', secret: 'whsec_x', events, scan, createdAt: T })
}

/** Dispatches what waits for a name, as the reader does. */
async function dispatchAll(name: string): Promise<void> {
  await dispatch((await house.events(name)).map((entry) => JSON.stringify(entry)))
}

describe('A domain that has a verdict already', () => {
  test('is news for the endpoints of a scan that it becomes part of, and for nobody else', async () => {
    const first = await house.scan([NAME])
    await house.targets.commit(commitOf(host(NAME), 0, { verdict: 'flux' }))
    await dispatchAll(NAME)
    deliveries.events.length = 0
    await endpoint('wh_global')
    await endpoint('wh_first', first)
    const second = await house.scans.open({ tags: [], watchForSeconds: 60, intervalSeconds: null })
    await endpoint('wh_second', second)
    await house.scans.add(second, [NAME])
    await house.scans.add(second, [NAME])
    const joined = (await house.events(second)).filter(({ kind }) => kind === 'scan-joined')
    expect(joined.length).toBe(1)
    await dispatch(joined.map((entry) => JSON.stringify(entry)))
    expect(deliveries.sent()).toEqual([
      ['domain.flux.detected', ['wh_second']],
      ['domain.verdict.changed', ['wh_second']],
    ])
    expect(deliveries.events[0]!.event.data).toMatchObject({ domain: NAME, previous_verdict: 'pending' })
  })
})

describe('A watch that ended', () => {
  test('does not settle the domain in a scan that was opened after the end', async () => {
    const before = await house.scan([NAME])
    await house.domains.stop(NAME)
    const ended = await house.events(NAME)
    house.clock.advance(1000)
    const after = await house.scan([NAME])
    await dispatch(ended.map((entry) => JSON.stringify(entry)))
    expect([(await house.scans.get(before))?.settled, (await house.scans.get(after))?.settled]).toEqual([
      1, 0,
    ])
  })
})

describe('A changed verdict', () => {
  test('to flux is told as detected and as changed, to the global endpoints and those of its scans only', async () => {
    const scan = await house.scan([NAME])
    const other = await house.scan(['other.example'])
    await endpoint('wh_global')
    await endpoint('wh_scan', scan)
    await endpoint('wh_other', other)
    await house.targets.commit(commitOf(host(NAME), 0, { verdict: 'flux' }))
    await dispatchAll(NAME)
    expect(deliveries.sent()).toEqual([
      ['domain.flux.detected', ['wh_global', 'wh_scan']],
      ['domain.verdict.changed', ['wh_global', 'wh_scan']],
    ])
    const change = (verdictEntryOf(NAME, 'flux', 1) as VerdictEntry).change
    expect(deliveries.events.map(({ event }) => [event.data, event.timestamp])).toEqual([
      [change, change.as_of],
      [change, change.as_of],
    ])
  })

  test('to anything else is told as changed only', async () => {
    await house.scan([NAME])
    await endpoint('wh_global')
    await house.targets.commit(commitOf(host(NAME), 0, { verdict: 'suspicious' }))
    await dispatchAll(NAME)
    expect(deliveries.sent()).toEqual([['domain.verdict.changed', ['wh_global']]])
  })

  test('of the type of flux is a change, not a detection', async () => {
    await house.scan([NAME])
    await endpoint('wh_global')
    const entry = verdictEntryOf(NAME, 'flux', 2) as VerdictEntry
    const again: OutboxEntry = { ...entry, change: { ...entry.change, previous_verdict: 'flux' } }
    await dispatch([JSON.stringify(again)])
    expect(deliveries.sent()).toEqual([['domain.verdict.changed', ['wh_global']]])
  })

  test('goes only to endpoints that asked for its type', async () => {
    await house.scan([NAME])
    await endpoint('wh_detected', null, ['domain.flux.detected'])
    await endpoint('wh_completed', null, ['scan.completed'])
    await house.targets.commit(commitOf(host(NAME), 0, { verdict: 'flux' }))
    await dispatchAll(NAME)
    expect(deliveries.sent()).toEqual([['domain.flux.detected', ['wh_detected']]])
  })

  test('delivered twice enqueues the same ids and counts once', async () => {
    const scan = await house.scan([NAME, 'second.example'])
    await endpoint('wh_global')
    await house.targets.commit(commitOf(host(NAME), 0, { verdict: 'flux' }))
    await dispatchAll(NAME)
    const first = deliveries.events.map(({ event }) => event.id)
    await dispatchAll(NAME)
    const ids = deliveries.events.map(({ event }) => event.id)
    expect(ids).toEqual([...first, ...first])
    expect(new Set(first).size).toBe(2)
    for (const id of first) expect(id).toMatch(/^[A-Za-z0-9_-]+$/)
    expect(await house.scans.get(scan)).toMatchObject({ settled: 1, verdicts: { flux: 1, pending: 1 } })
  })

  test('is counted in every scan that the domain is in', async () => {
    const scans = [await house.scan([NAME]), await house.scan([NAME, 'second.example'])]
    await house.targets.commit(commitOf(host(NAME), 0, { verdict: 'no_flux_seen' }))
    await dispatchAll(NAME)
    expect((await house.scans.get(scans[0]!))?.state).toBe('completed')
    expect(await house.scans.get(scans[1]!)).toMatchObject({ state: 'running', settled: 1 })
  })
})

describe('The end of a watch', () => {
  test('settles the domain in its scans with the verdict that it has', async () => {
    const scan = await house.scan([NAME])
    await endpoint('wh_global')
    await house.domains.stop(NAME)
    await dispatchAll(NAME)
    expect(await house.scans.get(scan)).toMatchObject({
      state: 'completed',
      settled: 1,
      verdicts: { pending: 1 },
    })
    expect(deliveries.sent()).toEqual([])
  })
})

describe('A completed scan', () => {
  test('is told with its counts and links, and kept for the retention time only', async () => {
    const scan = await house.scan([NAME])
    await endpoint('wh_global')
    await endpoint('wh_scan', scan)
    await endpoint('wh_other', 'scn_other')
    await house.targets.commit(commitOf(host(NAME), 0, { verdict: 'no_flux_seen' }))
    await dispatchAll(NAME)
    expect(await house.redis.pttl(keys.scan(scan))).toBe(-1)
    deliveries.events.length = 0
    house.clock.advance(90_000)
    const completion = (await house.events(scan)).filter((entry) => entry.kind === 'scan-completed')
    expect(completion).toHaveLength(1)
    for (let time = 0; time < 2; time += 1) await dispatch([JSON.stringify(completion[0])])
    const event = {
      id: `evt_${scan}_completed`,
      type: 'scan.completed',
      timestamp: new Date(T).toISOString(),
      data: {
        scan,
        domains: 1,
        verdicts: { pending: 0, no_flux_seen: 1, suspicious: 0, flux: 0, unresolvable: 0 },
        links: { scan: `/v1/scans/${scan}`, verdicts: `/v1/scans/${scan}/verdicts` },
      },
    }
    const told = { event, endpoints: ['wh_global', 'wh_scan'] }
    expect(deliveries.events).toEqual([told, told])
    expect(await house.redis.pttl(keys.scan(scan))).toBeGreaterThan(0)
  })

  test('that is not known any more is passed over', async () => {
    await dispatch([JSON.stringify({ kind: 'scan-completed', scan: 'scn_none', at: T })])
    expect(deliveries.events).toEqual([])
  })
})

test('An entry that cannot be enqueued rejects, so that it comes again', async () => {
  await house.scan([NAME])
  const failing: Deliveries = { enqueue: () => Promise.reject(new Error('the queue is away')) }
  const handle = dispatcher({ scans: house.scans, subscriptions: webhooks, deliveries: failing })
  await expect(handle([Buffer.from(JSON.stringify(verdictEntryOf(NAME, 'flux', 1)))])).rejects.toThrow(
    'the queue is away',
  )
})
