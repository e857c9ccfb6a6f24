// A name as it is grouped: nothing but its addresses and how far they count. Types only.

export interface ClusterMember {
  readonly domain: string
  /** Its addresses, as numbers that stand for them; each once. */
  readonly addresses: readonly number[]
  /** Of each address: how far it counts, 0…1 (link-weight.ts). */
  readonly weights: readonly number[]
  /** The group that it was in before, as any number from 0 on; -1 for none. */
  readonly before: number
}
