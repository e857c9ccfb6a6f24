// The payload of an entry of the observations streams, in whichever form it was left there.
import type { StoredObservation } from '../model/observation.ts'
import { unpackObservations } from './unpack-observations.ts'

/** `[`, with which the JSON begins that rounds left before they were packed. */
const OPENING_BRACKET = 0x5b

/** The rows of a payload; none for an empty one. Throws an Error on what is in neither form. */
export function readObservations(payload: Uint8Array): StoredObservation[] {
  if (payload.length === 0) return []
  if (payload[0] !== OPENING_BRACKET) return unpackObservations(payload)
  const text = Buffer.from(payload.buffer, payload.byteOffset, payload.length).toString('utf8')
  return JSON.parse(text) as StoredObservation[]
}
