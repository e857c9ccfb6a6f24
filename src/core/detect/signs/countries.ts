// Countries. Weak: the fluxing networks of the last years sat in two or three.
import { countOf } from './sign.ts'
import type { Family, Sign } from './sign.ts'

export const countriesSign = ({ prefix }: Family): Sign => ({
  id: `${prefix}-countries`,
  table: 'countries',
  about: 'addresses',
  feature: `${prefix}_countries`,
  unit: 'countries',
  edges: [2, 3, 5, 8, 13, 21],
  stage: { feature: `${prefix}_countries`, of: 'support', edges: [3, 6, 13, 31] },
  capNats: 1,
  source: 'Huang et al. (SSFD), ASIACCS 2010; contradicted by DarkCloud (77 % in one country)',
  text: (features) =>
    `The addresses lie in ${countOf(features.count('a_countries'), 'country', 'countries')} (${features.support('a_countries')} located).`,
})
