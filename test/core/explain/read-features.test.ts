// An explanation tolerates features that an old assessment does not have. A misspelt or renamed id would be tolerated as well:
// this holds the ids that it asks for against the catalogue.
import { expect, it } from 'vitest'
import { describeAdvisory } from '../../../src/core/explain/advisory.ts'
import { describeCharacteristics } from '../../../src/core/explain/characteristics/catalogue.ts'
import { Readings } from '../../../src/core/explain/readings.ts'
import { describeChange } from '../../../src/core/explain/would-change.ts'
import { FEATURE_CATALOGUE } from '../../../src/core/features/catalogue.ts'
import { DEFAULT_POLICY } from '../../../src/core/policy.ts'
import { assessment, DOUBLE_FLUX, features, STILL } from './sample-assessments.ts'

class RecordingReadings extends Readings {
  readonly asked = new Set<string>()

  override value(id: string): number | null {
    this.asked.add(id)
    return super.value(id)
  }

  override support(id: string): number {
    this.asked.add(id)
    return super.support(id)
  }
}

it('asks only for features that the catalogue has, for one address family at least', () => {
  const asked = new Set<string>()
  for (const values of [DOUBLE_FLUX, STILL, {}]) {
    const readings = new RecordingReadings(features(values))
    const given = assessment(values, { fluxType: 'single' })
    describeCharacteristics(readings)
    describeAdvisory(given, readings)
    describeChange(given, readings, DEFAULT_POLICY)
    for (const id of readings.asked) asked.add(id.replace(/^aaaa_/, 'a_'))
  }
  const known = new Set(FEATURE_CATALOGUE.map(({ id }) => id))
  expect([...asked].filter((id) => !known.has(id))).toEqual([])
  expect(asked.size).toBeGreaterThan(20)
})
