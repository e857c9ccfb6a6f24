// What a client of the bench must do, whatever it is made of.
import type { BenchQuestion } from '../bench-zone.ts'

export interface Asker {
  /**
   * Asks once and calls `done` once, later: with the data of the first record, or null when nothing usable came.
   * Callbacks, since some contenders have them and a promise of our own making would be on their bill.
   */
  ask(question: BenchQuestion, done: (data: string | null) => void): void
  /** DNS questions that one `ask` puts. @defaultValue 1 */
  readonly questionsPerAsk?: number
  /** Packets that the client sent again; null when it does not tell. */
  retried(): number | null
  close(): Promise<void>
}

export interface AskerOptions {
  readonly address: string
  readonly port: number
  readonly inFlight: number
}

export type OpenAsker = (options: AskerOptions) => Promise<Asker>
