// Truth against what was said.
import type { Said, WatchRecord } from '../watch-record.ts'
import type { FluxType } from '../../../src/core/model/assessment.ts'

export const TRUTHS = ['none', 'single', 'ns', 'double'] as const
export type TruthName = (typeof TRUTHS)[number]

export const SAYINGS = [
  'pending',
  'no_flux_seen',
  'suspicious',
  'flux single',
  'flux ns',
  'flux double',
  'unresolvable',
] as const
export type Saying = (typeof SAYINGS)[number]

export function truthOf({ truth }: Pick<WatchRecord, 'truth'>): TruthName {
  return truth.fluxType ?? 'none'
}

export function sayingOf({ verdict, fluxType }: Pick<Said, 'verdict' | 'fluxType'>): Saying {
  return verdict === 'flux' ? `flux ${fluxType as FluxType}` : verdict
}

/** Final sayings, counted by truth. */
export function confusion(
  records: readonly Pick<WatchRecord, 'truth' | 'last'>[],
): Readonly<Record<TruthName, Readonly<Record<Saying, number>>>> {
  const counts = Object.fromEntries(
    TRUTHS.map((truth) => [truth, Object.fromEntries(SAYINGS.map((saying) => [saying, 0]))]),
  ) as Record<TruthName, Record<Saying, number>>
  for (const record of records) counts[truthOf(record)][sayingOf(record.last)] += 1
  return counts
}
