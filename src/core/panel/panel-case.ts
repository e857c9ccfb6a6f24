// What is laid before the panel: the view and the features of one domain, and what several of its members would otherwise count
// twice. Counts only; each detector decides for itself.
import type { DomainView } from '../features/domain-view.ts'
import type { FeatureTable } from '../features/feature-definition.ts'
import { placesOf } from './peopled-place.ts'
import type { PeopledPlace } from './peopled-place.ts'
import { measureAutocorrelation } from './spatial-autocorrelation.ts'
import type { Autocorrelation } from './spatial-autocorrelation.ts'

export class PanelCase {
  readonly view: DomainView
  readonly table: FeatureTable
  #addressPlaces: readonly PeopledPlace[] | undefined
  #autocorrelation: Autocorrelation | undefined

  constructor(view: DomainView, table: FeatureTable) {
    this.view = view
    this.table = table
  }

  /** Places of the A addresses whose country is known; one entry a country. */
  get addressPlaces(): readonly PeopledPlace[] {
    return (this.#addressPlaces ??= placesOf(this.view.a.holders))
  }

  /** The same of the name servers; counted anew each time. */
  get nameServerPlaces(): readonly PeopledPlace[] {
    return placesOf(this.view.nameServerPool.holders)
  }

  get autocorrelation(): Autocorrelation {
    return (this.#autocorrelation ??= measureAutocorrelation(this.addressPlaces))
  }

  /** Smallest TTL of a fresh A answer, seconds; Infinity without one. */
  get shortestTtlSeconds(): number {
    let shortest = Infinity
    for (const { ttlMinSeconds } of this.view.a.views) shortest = Math.min(shortest, ttlMinSeconds)
    return shortest
  }

  /** Most A addresses in one fresh answer; 0 without one. */
  get widestAnswer(): number {
    let widest = 0
    for (const { widthMax } of this.view.a.views) widest = Math.max(widest, widthMax)
    return widest
  }
}
