import { expect, test } from 'vitest'
import { Metrics, type LiveFigures } from '../src/metrics.ts'

const FIGURES: LiveFigures = {
  watched: 7,
  oldestDueMs: 1500,
  backlog: { observations: 3, events: 0 },
  queued: { probe: 2, deliver: 1 },
  vantages: [{ id: 'quad9', asked: 10, answered: 9, timeouts: 1, mismatched: 0, throttled: 0 }],
}

test('A scrape shows the figures of its own moment, from the first scrape on', async () => {
  const text = await new Metrics(async () => FIGURES).metrics()
  expect(text).toContain('fluxwatch_redis_up 1')
  expect(text).toContain('fluxwatch_targets 7')
  expect(text).toContain('fluxwatch_oldest_due_seconds 1.5')
  expect(text).toContain('fluxwatch_outbox_entries{stream="observations"} 3')
  expect(text).toContain('fluxwatch_vantage_questions{vantage="quad9",outcome="timeouts"} 1')
})

test('What the process counted itself can be scraped while the live state is away', async () => {
  const metrics = new Metrics(() => Promise.reject(new Error('away')))
  metrics.rounds.inc({ result: 'committed' })
  const text = await metrics.metrics()
  expect(text).toContain('fluxwatch_redis_up 0')
  expect(text).toContain('fluxwatch_probe_rounds_total{result="committed"} 1')
})
