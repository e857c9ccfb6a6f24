import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import { explain } from '../../../src/core/explain/explain.ts'
import { FEATURE_CATALOGUE } from '../../../src/core/features/catalogue.ts'
import { VERDICT_NAMES } from '../../../src/core/model/assessment.ts'
import { assessment } from './sample-assessments.ts'

const anyFeatures = fc.tuple(
  ...FEATURE_CATALOGUE.map(({ id, unit }) =>
    fc.record({
      id: fc.constant(id),
      unit: fc.constant(unit),
      value: fc.option(
        unit === 'ratio' ? fc.double({ min: 0, max: 1, noNaN: true }) : fc.integer({ min: 0, max: 1e6 }),
      ),
      support: fc.integer({ min: 0, max: 1000 }),
    }),
  ),
)

it('speaks in whole sentences of any features, without a number that is none', () => {
  fc.assert(
    fc.property(
      anyFeatures,
      fc.constantFrom(...VERDICT_NAMES),
      fc.integer({ min: 0, max: 9999 }),
      (features, verdict, score) => {
        const fluxType = verdict === 'flux' ? 'single' : null
        const given = assessment({}, { features, verdict, fluxType, score: score / 1e4 })
        const { summary, sentences, characteristics, advisory, wouldChange, nextProbe } = explain(given, true)
        const texts = [...characteristics, ...advisory].map(({ text }) => text)
        for (const text of [summary, nextProbe, ...sentences, ...wouldChange, ...texts]) {
          expect(text).toMatch(/\.$/)
          expect(text).not.toMatch(/NaN|Infinity|undefined|null|\.\.$|,\.|;\./)
        }
      },
    ),
  )
})
