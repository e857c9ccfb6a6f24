// What the keeper of the networks needs of the other rooms. Types only.
import type { NetworkEntry } from '../../core/model/outbox.ts'
import type { NetworkSummary } from '../../core/model/network.ts'
import type { KeptMember } from '../../core/networks/network-news.ts'
import type { NetworkPlan } from '../../core/networks/network-plan.ts'

/** Where networks are kept. Everything that writes rejects, with nothing written, once another process is the keeper. */
export interface NetworkStore {
  /** How long the lock outlives its last renewal; ms of real time. */
  readonly lockMs: number
  /** The generation of the keeper that this process is from now on; null while another one is. */
  take(): Promise<number | null>
  /** False when another process is the keeper, or may be. */
  renew(generation: number): Promise<boolean>
  release(): Promise<void>
  load(): Promise<{ readonly members: readonly KeptMember[]; readonly networks: readonly NetworkSummary[] }>
  /** Writes a plan down before it is carried out. */
  log(plan: NetworkPlan, generation: number): Promise<void>
  logged(): Promise<NetworkPlan | null>
  forgetLog(generation: number): Promise<void>
  /** Idempotent. */
  keep(plan: NetworkPlan, generation: number): Promise<void>
  /** Twice is no harm. */
  tell(entries: readonly NetworkEntry[]): Promise<void>
}

/** Somebody who reads the streams of flagged names, and is stopped when the term is over. */
export interface FlaggedReader {
  /** `handle` rejects: the payloads come again. */
  start(handle: (payloads: readonly Buffer[]) => Promise<void>): Promise<void>
  stop(limitMs: number): Promise<void>
}
