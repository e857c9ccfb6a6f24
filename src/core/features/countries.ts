// Over how many countries the addresses spread.
import { countDistinct } from './distinct.ts'
import type { FeatureDefinition } from './feature-definition.ts'

export const countries: readonly FeatureDefinition[] = [
  {
    id: 'a_countries',
    unit: 'countries',
    meaning: 'Distinct countries of the A addresses.',
    direction: 'flux',
    source: 'Country diversity (φ10) of Perdisci et al., ACSAC 2009',
    blindSpot:
      'Modern networks sit in one or two countries (DarkCloud: 92 % in two), and databases place anycast anywhere.',
    measure: (view) => countDistinct(view.a.countries),
  },
]
