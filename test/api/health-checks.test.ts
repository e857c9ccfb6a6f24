import { describe, expect, test } from 'vitest'
import { checkHealth, type HealthParts } from '../../src/api/health-checks.ts'

const WELL: HealthParts = {
  ping: async () => 'PONG',
  evictionPolicy: async () => 'noeviction',
  history: { check: async () => ({ ok: true, detail: 'history answers' }) },
  probing: {
    vantages: [{ id: 'near', server: '192.0.2.1:53', up: true, clientSubnet: 'none', lastError: null }],
    udp: { engine: 'batched', sentence: 'sends and receives in batches', receiveDrops: 0 },
  },
  enrichment: { ok: true, sentence: 'two databases' },
}

async function found(parts: Partial<HealthParts>, name: string) {
  const checks = await checkHealth({ ...WELL, ...parts })
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
    const names = (await checkHealth({ ...WELL, probing: null })).map(({ name }) => name)
    expect(names).toEqual(['redis', 'eviction', 'history', 'enrichment'])
  })
})

test('Only the live state and history make the service unready', async () => {
  const checks = await checkHealth({
    ...WELL,
    ping: () => Promise.reject(new Error('gone')),
    evictionPolicy: async () => 'allkeys-lru',
  })
  expect(checks.filter(({ ok }) => !ok).map(({ name, required }) => [name, required])).toEqual([
    ['redis', true],
    ['eviction', false],
  ])
})
