// Countries. Weak: the fluxing networks of the last years sat in two or three.
import { countOf } from '../evidence-rule.ts'
import type { EvidenceRule } from '../evidence-rule.ts'

export const aCountries: EvidenceRule = {
  id: 'a-countries',
  about: 'addresses',
  feature: 'a_countries',
  unit: 'countries',
  capNats: 0.4,
  source:
    'Huang et al. (SSFD), ASIACCS 2010; contradicted by DarkCloud (77 % in one country); weights hand-set, unvalidated',
  weigh(features) {
    const countries = features.value('a_countries')
    const support = features.support('a_countries')
    if (countries === null || support < 5) return null
    return {
      weight: countries === 1 ? -0.2 : countries >= 5 ? 0.4 : 0,
      text: `The addresses lie in ${countOf(countries, 'country', 'countries')} (${support} located).`,
    }
  },
}
