// Several committed rounds in one entry of the observations stream, as the commit script writes them: a mark, then each round with
// its length (32 bits, little-endian) before it. What is in a round is read-observations.ts' business.
import type { StoredObservation } from '../model/observation.ts'
import { readObservations } from './read-observations.ts'

/** First octet of an entry with several rounds; no round begins with it. */
export const FRAMED = 0xf1

/** The observations of all rounds of an entry, in order. Throws on bytes that are cut or in no known form. */
export function observationsOfEntry(payload: Uint8Array): StoredObservation[] {
  return roundsOf(payload).flatMap(readObservations)
}

/** The rounds of an entry; of one that was written before rounds were gathered, the entry itself. Throws on cut bytes. */
export function roundsOf(payload: Uint8Array): Uint8Array[] {
  if (payload[0] !== FRAMED) return [payload]
  const view = new DataView(payload.buffer, payload.byteOffset, payload.byteLength)
  const rounds: Uint8Array[] = []
  for (let at = 1; at < payload.length;) {
    const start = at + 4
    at = start + view.getUint32(at, true)
    if (at > payload.length) throw new Error('The rounds of an entry end too soon')
    rounds.push(payload.subarray(start, at))
  }
  return rounds
}

/** What of an entry can be read, each round an entry by itself, and why the rest cannot; null when all can. */
export function readableRounds(payload: Uint8Array): {
  readonly rounds: readonly Uint8Array[]
  readonly problem: string | null
} {
  let problem: string | null = null
  const attempt = <T>(read: () => T, otherwise: T): T => {
    try {
      return read()
    } catch (error) {
      problem ??= error instanceof Error ? error.message : String(error)
      return otherwise
    }
  }
  const rounds = attempt(() => roundsOf(payload), []).filter((round) =>
    attempt(() => {
      readObservations(round)
      return true
    }, false),
  )
  return { rounds, problem }
}
