// Whether a vantage is one cache or a farm behind one address. No sign of flux: it tells how much the vantage's answers are
// worth, because a farm shows old and new copies in turn.
import type { FeatureDefinition } from './feature-definition.ts'
import { CACHE_MEMORY } from '../series/cache-memory.ts'

export const resolverCaches: readonly FeatureDefinition[] = [
  {
    id: 'resolver_caches',
    unit: 'caches',
    meaning: `Caches that must stand behind one vantage’s address, because their copies of the name’s addresses were seen in turn; the most of any vantage, a lower bound, at most ${CACHE_MEMORY}.`,
    direction: 'none',
    source: 'ours',
    blindSpot:
      'Caches whose copies are never live at the same time, and those that we did not happen to reach.',
    measure: ({ a, aaaa }) => {
      let most = 0
      let support = 0
      for (const { views } of [a, aaaa]) {
        for (const { caches, freshAnswers, repeats } of views) {
          if (caches === 0) continue
          most = Math.max(most, caches)
          support += freshAnswers + repeats
        }
      }
      return { value: most === 0 ? null : most, support }
    },
  },
]
