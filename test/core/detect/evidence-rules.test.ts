import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { EVIDENCE_CATALOGUE } from '../../../src/core/detect/evidence/catalogue.ts'
import { applyRule, stepWeight } from '../../../src/core/detect/evidence-rule.ts'
import { percentOf, shareOf, toOneDecimal } from '../../../src/core/detect/prose-number.ts'
import { shareChangedWithin } from '../../../src/core/detect/evidence/ns-stable.ts'
import { FEATURE_CATALOGUE } from '../../../src/core/features/catalogue.ts'
import { FeatureTable, roundForShow } from '../../../src/core/features/feature-definition.ts'
import type { Evidence, Feature } from '../../../src/core/model/assessment.ts'

const SHARES = fc.oneof(
  fc.constantFrom(0, 1),
  fc.integer({ min: 0, max: 10_000 }).map((n) => n / 10_000),
)
const MEANS = fc.integer({ min: 0, max: 600_000 }).map((n) => roundForShow(n / 10_000 / (1 + (n % 7) ** 2)))
const COUNTS = fc.oneof(fc.integer({ min: 0, max: 60 }), fc.integer({ min: 60, max: 500_000 }))
const MEAN_FEATURES = ['a_growth', 'aaaa_growth', 'a_width_mean']

/** Any features at all, undefined ones included. */
const anyFeatures = fc.tuple(
  ...FEATURE_CATALOGUE.map(({ id, unit }) =>
    fc.record({
      id: fc.constant(id),
      unit: fc.constant(unit),
      value: fc.oneof(
        fc.constant(null),
        unit === 'ratio' ? SHARES : MEAN_FEATURES.includes(id) ? MEANS : COUNTS,
      ),
      support: fc.integer({ min: 0, max: 200 }),
    }),
  ),
)

describe('the rules of evidence', () => {
  it('have unique kebab-case ids, a known feature with its unit, and a source', () => {
    const units = new Map(FEATURE_CATALOGUE.map((feature) => [feature.id, feature.unit]))
    const ids = EVIDENCE_CATALOGUE.map((rule) => rule.id)
    expect(new Set(ids).size).toBe(ids.length)
    for (const rule of EVIDENCE_CATALOGUE) {
      expect(rule.id).toMatch(/^[a-z]+(-[a-z]+)+$/)
      expect(rule.unit, rule.id).toBe(units.get(rule.feature))
      expect(rule.source.length, rule.id).toBeGreaterThan(20)
    }
  })

  it('cannot decide alone, but for what was measured to: no cap beyond 3.5 nats, TTL at most 0.2', () => {
    for (const rule of EVIDENCE_CATALOGUE) expect(rule.capNats, rule.id).toBeLessThanOrEqual(3.5)
    expect(EVIDENCE_CATALOGUE.find((rule) => rule.id === 'a-ttl')!.capNats).toBe(0.2)
  })

  it('weigh nothing that failed: no rule reads the failures', () => {
    const table = new FeatureTable(
      FEATURE_CATALOGUE.map(({ id, unit }) => ({ id, unit, value: null, support: 0 })),
    )
    const read: string[] = []
    const spy = new Proxy(table, {
      get: (target, key) => (id: string) => {
        read.push(id)
        return key === 'value' ? target.value(id) : key === 'count' ? target.count(id) : target.support(id)
      },
    })
    for (const rule of EVIDENCE_CATALOGUE) rule.weigh(spy)
    expect(read.filter((id) => id.includes('fail'))).toEqual([])
    expect(read).toContain('a_growth')
  })

  it('stay within their caps, point where their weight points, and print only numbers that are in the answer', () => {
    fc.assert(
      fc.property(anyFeatures, (features) => {
        const table = new FeatureTable(features)
        const shown = shownNumbers(features)
        for (const rule of EVIDENCE_CATALOGUE) {
          const evidence = applyRule(rule, table)
          if (evidence === null) continue
          expect(Math.abs(evidence.weight), rule.id).toBeLessThanOrEqual(rule.capNats)
          expect(evidence.pointsTo).toBe(evidence.weight > 0 ? 'flux' : 'no_flux')
          for (const number of numbersIn(evidence))
            expect(shown, `${rule.id}: ${evidence.text}`).toContain(number)
        }
      }),
      { numRuns: 300 },
    )
  })

  it('all speak for some features, so none is dead', () => {
    const spoken = new Set<string>()
    for (const features of fc.sample(anyFeatures, { numRuns: 3000, seed: 7 })) {
      const table = new FeatureTable(features)
      for (const rule of EVIDENCE_CATALOGUE) if (applyRule(rule, table) !== null) spoken.add(rule.id)
    }
    expect([...spoken].toSorted()).toEqual(EVIDENCE_CATALOGUE.map((rule) => rule.id).toSorted())
  })
})

/** Numbers of a sentence, a percent sign with its number, without the prefix lengths and the family in `/16`, `/48`, `IPv6`. */
function numbersIn({ text }: Evidence): readonly string[] {
  return text.replaceAll(/\/\d+|IPv\d/g, '').match(/\d+(\.\d+)?(e[+-]\d+)?( %)?/g) ?? []
}

/**
 * What a sentence may print: values and supports as they are; a value with decimals to one decimal; a ratio as a percentage,
 * whole or to one decimal. Nothing with more than one decimal.
 */
function shownNumbers(features: readonly Feature[]): ReadonlySet<string> {
  // A count that is undefined in these made-up features reads as 0.
  const shown = new Set(['0'])
  for (const { value, unit, support } of features) {
    shown.add(String(support))
    if (value === null) continue
    shown.add(Number.isInteger(value) ? String(value) : String(Math.round(value * 10) / 10))
    if (unit !== 'ratio') continue
    const percent = 100 * value
    for (const rounded of [Math.round(percent), Math.round(percent * 10) / 10]) shown.add(`${rounded} %`)
  }
  return shown
}

describe('a number in prose', () => {
  it('is a whole percent between 10 % and 99 %, one decimal outside, and all or none at the ends', () => {
    expect([0.1042, 0.816, 0.0042, 0.0999, 0.996].map(percentOf)).toEqual([
      '10 %',
      '82 %',
      '0.4 %',
      '10 %',
      '99.6 %',
    ])
    expect([0, 0.3333, 1].map((ratio) => shareOf(ratio, 18, 'known addresses'))).toEqual([
      'None of the 18 known addresses',
      '33 % of the 18 known addresses',
      'All 18 known addresses',
    ])
    expect([0.2449, 2, 7.95].map(toOneDecimal)).toEqual([0.2, 2, 8])
  })
})

describe('weights by steps', () => {
  it('take the first step whose bound is above the value', () => {
    const steps = [
      [2, -2],
      [4, 0.5],
    ] as const
    expect([1, 2, 3.9, 4, 99].map((value) => stepWeight(value, steps, 3))).toEqual([-2, 0.5, 0.5, 3, 3])
  })
})

describe('how long name servers stand still in flux', () => {
  it('is read off Konte’s curve with straight lines: 10 % within 3,300 s, 27 % within 8,950 s', () => {
    expect(shareChangedWithin(0)).toBe(0)
    expect(shareChangedWithin(3300)).toBeCloseTo(0.1)
    expect(shareChangedWithin(8950)).toBeCloseTo(0.27)
    expect(shareChangedWithin(10_000_000)).toBe(0.92)
  })

  it('weighs ln(1 − share): a quiet hour −0.12 nats, two and a half quiet days −1.4 or more', () => {
    const rule = EVIDENCE_CATALOGUE.find((one) => one.id === 'ns-stable')!
    const weigh = (seconds: number) => {
      const values: Record<string, number> = { ns_watched: seconds, ns_new_addresses: 0 }
      return applyRule(
        rule,
        new FeatureTable(
          FEATURE_CATALOGUE.map(({ id, unit }) => ({ id, unit, value: values[id] ?? null, support: 1 })),
        ),
      )!.weight
    }
    expect(weigh(3600)).toBe(-0.11)
    expect(weigh(210_000)).toBe(-1.39)
  })
})
