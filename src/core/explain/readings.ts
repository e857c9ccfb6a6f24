// The features of an assessment, as an explanation reads them. A stored assessment may be older than the catalogue of features:
// one that is not there is undefined like any other, and not an error.
import type { Feature } from '../model/assessment.ts'

export class Readings {
  readonly #byId: ReadonlyMap<string, Feature>

  constructor(features: readonly Feature[]) {
    this.#byId = new Map(features.map((feature) => [feature.id, feature]))
  }

  /** Null when it is undefined on what was seen, or not in this assessment. */
  value(id: string): number | null {
    return this.#byId.get(id)?.value ?? null
  }

  count(id: string): number {
    return this.value(id) ?? 0
  }

  support(id: string): number {
    return this.#byId.get(id)?.support ?? 0
  }
}

/** Which address family tells more: the one that grows, where both do the one that grows more. */
export function livelierFamily(readings: Readings): 'a' | 'aaaa' {
  const a = readings.value('a_growth') ?? -1
  const aaaa = readings.value('aaaa_growth') ?? -1
  if (a === aaaa) return readings.count('aaaa_addresses') > readings.count('a_addresses') ? 'aaaa' : 'a'
  return aaaa > a ? 'aaaa' : 'a'
}

export function typeOfFamily(family: 'a' | 'aaaa'): string {
  return family === 'a' ? 'A' : 'AAAA'
}
