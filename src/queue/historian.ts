// Moves committed rounds from the observations streams into history; acknowledged by the reader once they are durable.
import type { StoredObservation } from '../core/model/observation.ts'

export interface ObservationSink {
  /** Durable when it resolves; a row that is there already adds nothing. */
  append(rows: readonly StoredObservation[]): Promise<void>
}

/** The handler for the observations streams: each payload is the rows of one round. */
export function historian(history: ObservationSink): (payloads: readonly Buffer[]) => Promise<void> {
  return async (payloads) => {
    const rows = payloads.flatMap((payload) =>
      payload.length === 0 ? [] : (JSON.parse(String(payload)) as StoredObservation[]),
    )
    if (rows.length > 0) await history.append(rows)
  }
}
