import { expect, test } from 'vitest'
import { Metrics, type LiveFigures, type ProbingFigures } from '../src/metrics.ts'

const FIGURES: LiveFigures = {
  watched: 7,
  oldestDueMs: 1500,
  backlog: { observations: 3, events: 0 },
  history: {
    octets: 4096,
    oldestMs: 2500,
    fullness: 0.25,
    lostRounds: 21,
    lostObservations: 126,
    unreadable: 1,
  },
  queued: { probe: 2, deliver: 1 },
}

const PROBING: ProbingFigures = {
  vantages: [
    {
      id: 'quad9',
      up: false,
      inFlight: 4,
      asked: 10,
      answered: 9,
      timeouts: 1,
      throttled: 0,
      optedOut: 2,
      unsentWhileDown: 7,
      late: 3,
      mismatched: 5,
      truncated: 6,
      retried: 8,
    },
  ],
  udp: { engine: 'batched', receiveBufferOctets: 425_984, receiveDrops: 11 },
  ptr: { known: 12, wanted: 13, asked: 14, named: 15, failed: 16, dropped: 17 },
}

test('A scrape shows the figures of its own moment, from the first scrape on', async () => {
  const text = await new Metrics(
    async () => FIGURES,
    () => PROBING,
  ).metrics()
  expect(text).toContain('fluxwatch_redis_up 1')
  expect(text).toContain('fluxwatch_targets 7')
  expect(text).toContain('fluxwatch_oldest_due_seconds 1.5')
  expect(text).toContain('fluxwatch_outbox_entries{stream="observations"} 3')
  expect(text).toContain('fluxwatch_history_backlog_bytes 4096\n')
  expect(text).toContain('fluxwatch_history_backlog_seconds 2.5\n')
  expect(text).toContain('fluxwatch_history_backlog_ratio 0.25\n')
  for (const [outcome, count] of Object.entries({
    timeouts: 1,
    opted_out: 2,
    unsent_while_down: 7,
    late: 3,
    mismatched: 5,
    truncated: 6,
    retried: 8,
  }))
    expect(text).toContain(`fluxwatch_vantage_questions{vantage="quad9",outcome="${outcome}"} ${count}`)
  expect(text).toContain('fluxwatch_vantage_up{vantage="quad9"} 0')
  expect(text).toContain('fluxwatch_vantage_in_flight{vantage="quad9"} 4')
  expect(text).toContain('fluxwatch_udp_engine_info{engine="batched"} 1')
  expect(text).toContain('fluxwatch_udp_receive_buffer_bytes 425984')
  expect(text).toContain('fluxwatch_udp_receive_drops 11')
  for (const [state, count] of Object.entries(PROBING.ptr!))
    expect(text).toContain(`fluxwatch_ptr_names{state="${state}"} ${count}`)
})

test('A process that looks up no names shows none', async () => {
  const text = await new Metrics(
    async () => FIGURES,
    () => ({ ...PROBING, ptr: null }),
  ).metrics()
  expect(text).not.toContain('fluxwatch_ptr_names{')
})

test('What the process counted itself can be scraped while the live state is away', async () => {
  const metrics = new Metrics(
    () => Promise.reject(new Error('away')),
    () => PROBING,
  )
  metrics.rounds.inc({ result: 'committed' })
  const text = await metrics.metrics()
  expect(text).toContain('fluxwatch_redis_up 0')
  expect(text).toContain('fluxwatch_probe_rounds_total{result="committed"} 1')
  expect(text).toContain('fluxwatch_vantage_questions{vantage="quad9",outcome="asked"} 10')
})

test('What history lost is counted in the live state: each scrape shows that count, and adds nothing to it', async () => {
  const metrics = new Metrics(
    async () => FIGURES,
    () => null,
  )
  await metrics.metrics()
  const text = await metrics.metrics()
  expect(text).toContain('fluxwatch_history_rounds_lost_total 21\n')
  expect(text).toContain('fluxwatch_history_observations_lost_total 126\n')
  expect(text).toContain('fluxwatch_history_unreadable_entries_total 1\n')
})
