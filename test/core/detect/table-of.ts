// A table of all features of which only a few were measured, for what reads features.
import { FEATURE_CATALOGUE } from '../../../src/core/features/catalogue.ts'
import { FeatureTable } from '../../../src/core/features/feature-definition.ts'

interface Given {
  readonly value: number | null
  readonly support?: number
}

/** Every feature of the catalogue; those that are not given are undefined, as they are where nothing was seen. */
export function tableOf(given: Readonly<Record<string, number | Given>>): FeatureTable {
  const known = new Set(FEATURE_CATALOGUE.map(({ id }) => id))
  for (const id of Object.keys(given)) if (!known.has(id)) throw new Error(`no such feature: ${id}`)
  return new FeatureTable(
    FEATURE_CATALOGUE.map(({ id, unit }) => {
      const one = given[id] ?? { value: null }
      const { value, support = 0 } = typeof one === 'number' ? { value: one, support: one } : one
      return { id, unit, value, support }
    }),
  )
}
