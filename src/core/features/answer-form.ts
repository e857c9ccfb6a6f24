// What a single answer looks like: its width and its TTL. Neither tells flux from a CDN; together with growth they help.
import { countFresh } from './address-count.ts'
import type { FeatureDefinition } from './feature-definition.ts'

export const answerForm: readonly FeatureDefinition[] = [
  {
    id: 'a_width_mean',
    unit: 'addresses',
    meaning: 'Mean number of A addresses in a fresh answer.',
    measure: ({ a }) => {
      const fresh = countFresh(a)
      const sum = a.views.reduce((total, view) => total + view.widthSum, 0)
      return { value: fresh === 0 ? null : sum / fresh, support: fresh }
    },
  },
  {
    id: 'a_ttl_max',
    unit: 'seconds',
    meaning: 'Largest TTL of a fresh A answer: a lower bound of what the authority set.',
    measure: ({ a }) => ({
      value: a.views.length === 0 ? null : Math.max(...a.views.map((view) => view.ttlMaxSeconds)),
      support: countFresh(a),
    }),
  },
]
