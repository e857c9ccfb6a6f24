// Moves committed rounds from the observations streams into history; acknowledged by the reader once they are durable.
import type { StoredObservation } from '../core/model/observation.ts'
import { observationsOfEntry } from '../core/outbox/round-frames.ts'

export interface ObservationSink {
  /** Durable when it resolves; a row that is there already adds nothing. */
  append(rows: readonly StoredObservation[]): Promise<void>
}

/** The handler for the observations streams: each payload is the rows of one round or of several, packed or the JSON of before. */
export function historian(history: ObservationSink): (payloads: readonly Buffer[]) => Promise<void> {
  return async (payloads) => {
    const rows = payloads.flatMap(observationsOfEntry)
    if (rows.length > 0) await history.append(rows)
  }
}
