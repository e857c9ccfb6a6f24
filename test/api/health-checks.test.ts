import { describe, expect, test } from 'vitest'
import { checkHealth, type HealthParts } from '../../src/api/health-checks.ts'

const NOW = Date.UTC(2026, 0, 2)
const NOTHING_WAITS = {
  entries: 0,
  octets: 0,
  oldestMs: 0,
  fullness: 0,
  lostRounds: 0,
  lostObservations: 0,
  gap: null,
  unreadable: 0,
}
const WELL: HealthParts = {
  ping: async () => 'PONG',
  evictionPolicy: async () => 'noeviction',
  history: { check: async () => ({ ok: true, detail: 'history answers' }) },
  backlog: async () => NOTHING_WAITS,
  probing: {
    vantages: [{ id: 'near', server: '192.0.2.1:53', up: true, clientSubnet: 'none', lastError: null }],
    udp: { engine: 'batched', sentence: 'sends and receives in batches', receiveDrops: 0 },
  },
  enrichment: { ok: true, sentence: 'two databases' },
}

async function found(parts: Partial<HealthParts>, name: string) {
  const checks = await checkHealth({ ...WELL, ...parts }, NOW)
  return checks.find((check) => check.name === name)
}

function probing(
  vantage: Partial<NonNullable<HealthParts['probing']>['vantages'][number]>,
  receiveDrops: number | null = 0,
): Partial<HealthParts> {
  const { vantages, udp } = WELL.probing!
  return { probing: { vantages: [{ ...vantages[0]!, ...vantage }], udp: { ...udp, receiveDrops } } }
}

describe('What /readyz says of the worker processes', () => {
  test('a part of them is enough to be ready, and the rest is told', async () => {
    expect(await found({ workers: { up: 1, of: 4 } }, 'workers')).toEqual({
      name: 'workers',
      ok: true,
      detail: '1 of 4 worker processes are up',
      required: true,
    })
  })

  test('without any of them nothing is probed, and the service is not ready', async () => {
    expect(await found({ workers: { up: 0, of: 4 } }, 'workers')).toMatchObject({ ok: false, required: true })
  })

  test('a service that probes in its own process has no such check', async () => {
    expect(await found({}, 'workers')).toBeUndefined()
  })
})

describe('What /readyz says of the probing', () => {
  test('the engine that runs is named', async () => {
    expect(await found({}, 'udp engine batched')).toEqual({
      name: 'udp engine batched',
      ok: true,
      detail: 'sends and receives in batches',
      required: false,
    })
  })

  test('lost datagrams are told, and do not degrade: they may be of another program', async () => {
    const check = await found(probing({}, 7), 'udp engine batched')
    expect(check?.ok).toBe(true)
    expect(check?.detail).toContain('lost 7 datagrams in this network namespace')
  })

  test('a system that does not tell of drops is no drop', async () => {
    expect((await found(probing({}, null), 'udp engine batched'))?.detail).toBe(
      'sends and receives in batches',
    )
  })

  test('a vantage that answers nothing degrades, with the reason of its latest connection', async () => {
    const down = probing({ up: false, lastError: 'certificate has expired' })
    expect(await found(down, 'vantage near')).toMatchObject({
      ok: false,
      required: false,
      detail: '192.0.2.1:53 answers nothing; certificate has expired',
    })
  })

  test('a resolver that ignores the client subnet is named, and is no failure', async () => {
    expect(await found(probing({ clientSubnet: 'ignored' }), 'vantage near')).toMatchObject({
      ok: true,
      detail: '192.0.2.1:53 answers or was not asked yet; the client subnet changes nothing there',
    })
  })

  test('a process that does not probe has nothing to say of it', async () => {
    const names = (await checkHealth({ ...WELL, probing: null }, NOW)).map(({ name }) => name)
    expect(names).toEqual(['redis', 'eviction', 'history', 'history backlog', 'enrichment'])
  })
})

describe('What /readyz says of the way into history', () => {
  const backlog = (parts: Partial<Awaited<ReturnType<HealthParts['backlog']>>>) =>
    found({ backlog: async () => ({ ...NOTHING_WAITS, ...parts }) }, 'history backlog')
  const MIB = 1024 * 1024

  test('nothing waits', async () => {
    expect(await found({}, 'history backlog')).toEqual({
      name: 'history backlog',
      ok: true,
      detail: 'nothing waits',
      required: false,
    })
  })

  test('what came a moment ago is on its way', async () => {
    expect(await backlog({ entries: 1, octets: 0.1 * MIB, oldestMs: 400, fullness: 0.01 })).toMatchObject({
      ok: true,
      detail: '1 entry (0.1 MiB) wait, the oldest for 0 s: 1 % of what may wait',
    })
  })

  test('it is behind when the oldest waits for a minute, or half of what may wait does', async () => {
    expect(await backlog({ entries: 5210, octets: 20 * MIB, oldestMs: 60_000, fullness: 0.1 })).toMatchObject(
      {
        ok: false,
        required: false,
        detail:
          'history is behind: 5,210 entries (20.0 MiB) wait, the oldest for 60 s: 10 % of what may wait',
      },
    )
    expect((await backlog({ entries: 9, oldestMs: 59_999, fullness: 0.5 }))?.ok).toBe(false)
    expect((await backlog({ entries: 9, oldestMs: 59_999, fullness: 0.49 }))?.ok).toBe(true)
  })

  test('a gap is told for good, and degrades for an hour after its end', async () => {
    const lost = { lostRounds: 1200, lostObservations: 7200 }
    const gap = (to: number) => ({ from: Date.UTC(2026, 0, 1), to })
    expect(await backlog({ ...lost, gap: gap(NOW - 1000) })).toMatchObject({
      ok: false,
      detail:
        'nothing waits; 1,200 rounds (7,200 observations) were judged but not recorded because too much waited, lately from 2026-01-01T00:00:00.000Z to 2026-01-01T23:59:59.000Z',
    })
    const old = await backlog({ ...lost, gap: gap(NOW - 3_600_000) })
    expect(old?.ok).toBe(true)
    expect(old?.detail).toContain('1,200 rounds')
  })

  test('entries that nobody could read are told with where they are', async () => {
    expect((await backlog({ unreadable: 1 }))?.detail).toBe(
      'nothing waits; 1 entry could not be read, see streams …:observations:unreadable',
    )
  })

  test('nothing, while the live state does not answer', async () => {
    const silent = { backlog: () => Promise.reject(new Error('gone')) }
    expect(await found(silent, 'history backlog')).toBeUndefined()
  })
})

test('Only the live state makes the service unready: probing goes on without history', async () => {
  const checks = await checkHealth(
    {
      ...WELL,
      ping: () => Promise.reject(new Error('gone')),
      evictionPolicy: async () => 'allkeys-lru',
      history: { check: async () => ({ ok: false, detail: 'the disk is full' }) },
    },
    NOW,
  )
  expect(checks.filter(({ ok }) => !ok).map(({ name, required }) => [name, required])).toEqual([
    ['redis', true],
    ['eviction', false],
    ['history', false],
  ])
})
