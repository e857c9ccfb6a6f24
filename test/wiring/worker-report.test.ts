import { describe, expect, test } from 'vitest'
import { addSnapshots, Metrics, type MetricsSnapshot } from '../../src/metrics.ts'
import type { ProbingFigures } from '../../src/wiring/probing.ts'
import { mergeFigures, pastOf } from '../../src/wiring/worker-report.ts'

type Vantage = ProbingFigures['vantages'][number]

const VANTAGE: Vantage = {
  id: 'near',
  protocol: 'udp',
  server: '127.0.0.1:53',
  up: true,
  asked: 1,
  answered: 2,
  timeouts: 3,
  throttled: 4,
  optedOut: 5,
  unsentWhileDown: 11,
  late: 6,
  mismatched: 7,
  truncated: 8,
  retried: 9,
  inFlight: 10,
  clientSubnet: 'unknown',
  lastError: null,
}
const FIGURES: ProbingFigures = {
  vantages: [VANTAGE],
  udp: { engine: 'plain', sentence: 'one by one', receiveBufferOctets: 4096, receiveDrops: 2 },
  ptr: { known: 1, wanted: 2, asked: 3, named: 4, failed: 5, dropped: 6 },
}

const withVantage = (vantage: Partial<Vantage>): ProbingFigures => ({
  ...FIGURES,
  vantages: [{ ...VANTAGE, ...vantage }],
})

/** A process that counted so many committed rounds, each as late as the other. */
async function processOf(rounds: number, lagSeconds: number): Promise<MetricsSnapshot> {
  const metrics = new Metrics(noLive, () => FIGURES)
  metrics.rounds.inc({ result: 'committed' }, rounds)
  for (let round = 0; round < rounds; round++) metrics.roundLag.observe(lagSeconds)
  return metrics.snapshot()
}

const noLive = async () => ({
  watched: 5,
  oldestDueMs: 0,
  backlog: { observations: 0 },
  history: { octets: 0, oldestMs: 0, fullness: 0, lostRounds: 0, lostObservations: 0, unreadable: 0 },
  queued: { probe: 0 },
})

describe('The figures of several processes', () => {
  test('are one answer a vantage, with the counts of all', () => {
    expect(mergeFigures([FIGURES, FIGURES])).toEqual({
      vantages: [
        {
          ...VANTAGE,
          asked: 2,
          answered: 4,
          timeouts: 6,
          throttled: 8,
          optedOut: 10,
          unsentWhileDown: 22,
          late: 12,
          mismatched: 14,
          truncated: 16,
          retried: 18,
          inFlight: 20,
        },
      ],
      // Each of them counts what the whole machine has lost.
      udp: FIGURES.udp,
      ptr: { known: 2, wanted: 4, asked: 6, named: 8, failed: 10, dropped: 12 },
    })
  })

  test('call a vantage up where any of them does', () => {
    const up = (...all: boolean[]) =>
      mergeFigures(all.map((one) => withVantage({ up: one })))?.vantages[0]?.up
    expect([up(false, true), up(true, false), up(false, false)]).toEqual([true, true, false])
  })

  test('tell of the client subnet what any of them is sure of', () => {
    const use = (...all: Vantage['clientSubnet'][]) =>
      mergeFigures(all.map((clientSubnet) => withVantage({ clientSubnet })))?.vantages[0]?.clientSubnet
    expect(use('unknown', 'ignored', 'honoured')).toBe('honoured')
    expect(use('unknown', 'ignored')).toBe('ignored')
    expect(use('unknown', 'unknown')).toBe('unknown')
    expect(use('none', 'none')).toBe('none')
  })

  test('keep the counts of one that is gone, and nothing of its present', () => {
    const { figures } = pastOf({ figures: withVantage({ up: true, inFlight: 7, asked: 100 }), metrics: [] })
    expect(mergeFigures([withVantage({ up: false, inFlight: 1, asked: 1 }), figures])).toMatchObject({
      vantages: [{ up: false, inFlight: 1, asked: 101 }],
      ptr: { known: 1, wanted: 2, asked: 6 },
    })
  })

  test('of nobody are none', () => {
    expect(mergeFigures([])).toBeNull()
  })
})

describe('The metrics of a service with worker processes', () => {
  test('sum what they counted, and show the live state and the vantages once', async () => {
    const parent = new Metrics(
      noLive,
      () => null,
      async () => ({ snapshots: [await processOf(3, 0.2), await processOf(4, 3)], probing: FIGURES }),
    )
    const text = await parent.metrics()
    const lines = new Set(text.split('\n'))
    for (const line of [
      'fluxwatch_probe_rounds_total{result="committed"} 7',
      'fluxwatch_probe_lag_seconds_bucket{le="0.5"} 3',
      'fluxwatch_probe_lag_seconds_bucket{le="5"} 7',
      'fluxwatch_probe_lag_seconds_count 7',
      'fluxwatch_targets 5',
      'fluxwatch_redis_up 1',
      'fluxwatch_vantage_questions{vantage="near",outcome="asked"} 1',
      'fluxwatch_vantage_up{vantage="near"} 1',
      'fluxwatch_udp_receive_drops 2',
    ])
      expect(lines).toContain(line)
  })

  test('go on from what a process that is gone had counted', async () => {
    const { metrics } = pastOf({ figures: FIGURES, metrics: await processOf(3, 0.2) })
    const both = await addSnapshots([metrics, metrics])
    const parent = new Metrics(
      noLive,
      () => null,
      async () => ({ snapshots: [await processOf(1, 0.2), both], probing: FIGURES }),
    )
    const text = await parent.metrics()
    expect(text).toContain('fluxwatch_probe_rounds_total{result="committed"} 7\n')
    expect(text).toContain('fluxwatch_probe_lag_seconds_count 7\n')
  })

  test('show a vantage no more that is gone', async () => {
    let figures = withVantage({ id: 'old' })
    const metrics = new Metrics(noLive, () => figures)
    expect(await metrics.metrics()).toContain('fluxwatch_vantage_up{vantage="old"} 1')
    figures = FIGURES
    expect(await metrics.metrics()).not.toContain('vantage="old"')
  })
})
