// An address of a host: when, how often and by whom it was seen, and what room it takes.
import type { AddressType } from './host-view.ts'

export interface SeenAddress {
  /** The address itself, in canonical presentation form. */
  readonly key: string
  readonly type: AddressType
  /** ms since the epoch, in whole seconds. */
  readonly first: number
  readonly last: number
  /** Fresh answers that carried it. */
  readonly count: number
  /** Ids of the vantages that saw it, sorted. */
  readonly vantages: readonly string[]
}

/** ms since the epoch, down to the whole second: the time in which addresses are kept. */
export function toSecond(at: number): number {
  return Math.floor(at / 1000) * 1000
}

/** Of the limit of the addresses. */
export function weighAddress({ type }: Pick<SeenAddress, 'type'>): number {
  return type === 'A' ? 1 : 2
}

export function mergeSeenAddress(held: SeenAddress, fresh: SeenAddress): SeenAddress {
  return {
    key: held.key,
    type: held.type,
    first: Math.min(held.first, fresh.first),
    last: Math.max(held.last, fresh.last),
    count: held.count + fresh.count,
    vantages: held.vantages.includes(fresh.vantages[0]!)
      ? held.vantages
      : [...new Set([...held.vantages, ...fresh.vantages])].toSorted(),
  }
}
