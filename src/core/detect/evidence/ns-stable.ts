// The name servers' addresses stood still, for as long as they were really watched. Absence of change says the more the
// longer the watch: NS flux is slow.
import type { EvidenceRule } from '../evidence-rule.ts'

/** Share of fluxing domains whose mean time between name-server address changes is at most this long (seconds). */
const CHANGED_WITHIN: readonly (readonly [seconds: number, share: number])[] = [
  [0, 0],
  [3_300, 0.1],
  [5_900, 0.16],
  [12_000, 0.38],
  [57_000, 0.4],
  [120_000, 0.5],
  [210_000, 0.75],
  [360_000, 0.92],
]

/** The curve at `seconds`, straight lines between its points, flat after the last. */
export function shareChangedWithin(seconds: number): number {
  const after = CHANGED_WITHIN.findIndex(([at]) => at > seconds)
  if (after === -1) return CHANGED_WITHIN.at(-1)![1]
  const [fromSeconds, fromShare] = CHANGED_WITHIN[after - 1] ?? [0, 0]
  const [toSeconds, toShare] = CHANGED_WITHIN[after]!
  return fromShare + ((toShare - fromShare) * (seconds - fromSeconds)) / (toSeconds - fromSeconds)
}

export const nsStable: EvidenceRule = {
  id: 'ns-stable',
  about: 'name_servers',
  feature: 'ns_watched',
  unit: 'seconds',
  capNats: 2.6,
  source:
    'Konte et al., PAM 2009, figure 2 (read off, ± 10 %): ln of the share of fluxing domains that change more slowly',
  weigh(features) {
    const seconds = features.value('ns_watched')
    if (seconds === null || features.count('ns_new_addresses') > 0) return null
    return {
      weight: Math.log(1 - shareChangedWithin(seconds)),
      text: `No address of a name server changed in the ${seconds} s between the first and the last fresh look.`,
    }
  },
}
