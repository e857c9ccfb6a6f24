import { describe, expect, it } from 'vitest'
import { fade, QUIET_ADDRESSES } from '../../../src/core/detect/fading.ts'
import { FeatureTable } from '../../../src/core/features/feature-definition.ts'

const DAY = 86_400
const NOW = Date.UTC(2026, 5, 10)
const FADING = { graceSeconds: DAY, halfLifeSeconds: DAY / 2, leastAnswers: 20, source: 'worked example' }
const quiet = (seconds: number, answers = 100, aaaa: number | null = null) =>
  new FeatureTable([
    { id: 'a_quiet', unit: 'seconds', value: seconds, support: answers },
    { id: 'a_quiet_answers', unit: 'answers', value: answers, support: answers },
    { id: 'aaaa_quiet', unit: 'seconds', value: aaaa, support: answers },
    { id: 'aaaa_quiet_answers', unit: 'answers', value: answers, support: answers },
  ])
const faded = (odds: number, seconds: number, answers?: number) =>
  fade(odds, QUIET_ADDRESSES, quiet(seconds, answers), FADING, NOW)

describe('fading', () => {
  it('leaves a set alone that was still for no longer than flux pauses', () => {
    expect(faded(8, DAY)).toEqual({ odds: 8, evidence: null, quietSince: null })
  })

  it('halves the way to −6 nats each half-life after the grace: 8 → 1 → −2.5', () => {
    expect(faded(8, 1.5 * DAY).odds).toBeCloseTo(1, 10)
    expect(faded(8, 2 * DAY).odds).toBeCloseTo(-2.5, 10)
  })

  it('says since when, and how much it took', () => {
    const { evidence, quietSince } = faded(8, 2 * DAY)
    expect(quietSince).toBe(NOW - 2 * DAY * 1000)
    expect(evidence).toMatchObject({ id: 'a-quiet', pointsTo: 'no_flux', weight: -10.5, value: 2 * DAY })
    expect(evidence!.text).toContain('since 2026-06-08T00:00:00.000Z, in 100 fresh answers')
  })

  it('asks for fresh answers: who did not look has not seen it stand still', () => {
    expect(faded(8, 30 * DAY, 19).odds).toBe(8)
  })

  it('does not begin while the other family still moves', () => {
    expect(fade(8, QUIET_ADDRESSES, quiet(3 * DAY, 100, 60), FADING, NOW).odds).toBe(8)
  })

  it('never makes a still set look guiltier', () => {
    expect(faded(-9, 30 * DAY).odds).toBe(-9)
  })
})
