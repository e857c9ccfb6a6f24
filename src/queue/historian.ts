// Moves committed rounds from the observations streams into history; acknowledged by the reader once they are durable. Decides how
// much goes in one append, and what becomes of bytes that nobody can read: they must not hold up what comes after them.
import { FluxError } from '../core/errors.ts'
import { readableRounds } from '../core/outbox/round-frames.ts'

export interface EntrySink {
  /**
   * The observations of these entries are durable when it resolves; a row that is there already adds nothing. Rejects with a
   * `FluxError` when the store cannot be used, and with another error for entries that cannot be read.
   */
  appendEntries(entries: readonly Uint8Array[]): Promise<void>
}

/** An entry that goes no further: its place among those of a reading. */
export interface UnreadableEntry {
  readonly place: number
  readonly reason: string
}

/** At about 35 octets an observation 30,000 rows: what is in memory at a time of a backlog that may be long. */
const APPEND_OCTETS = 1024 * 1024

/**
 * The handler for the observations streams: each payload is the rows of one round or of several, packed or the JSON of before. Answers
 * those that cannot be read, whole or in part; what can be read of them is in history. `onAppended`: after each append.
 */
export function historian(
  history: EntrySink,
  onAppended: () => void = () => {},
): (payloads: readonly Buffer[]) => Promise<readonly UnreadableEntry[]> {
  return async (payloads) => {
    const unreadable: UnreadableEntry[] = []
    for (let from = 0; from < payloads.length;) {
      const to = endOfPiece(payloads, from)
      for (const { place, reason } of await append(history, payloads.slice(from, to))) {
        unreadable.push({ place: from + place, reason })
      }
      onAppended()
      from = to
    }
    return unreadable
  }
}

function endOfPiece(payloads: readonly Buffer[], from: number): number {
  let to = from + 1
  let octets = payloads[from]!.length
  while (to < payloads.length && octets + payloads[to]!.length <= APPEND_OCTETS)
    octets += payloads[to++]!.length
  return to
}

async function append(history: EntrySink, payloads: readonly Buffer[]): Promise<UnreadableEntry[]> {
  try {
    await history.appendEntries(payloads)
    return []
  } catch (error) {
    if (error instanceof FluxError) throw error
    // Only now, since reading is most of the work, and the store does it elsewhere.
    const read = payloads.map(readableRounds)
    const unreadable = read.flatMap(({ problem }, place) =>
      problem === null ? [] : [{ place, reason: problem }],
    )
    if (unreadable.length === 0) throw error
    const readable = read.flatMap(({ rounds, problem }, place) =>
      problem === null ? [payloads[place]!] : rounds,
    )
    if (readable.length > 0) await history.appendEntries(readable)
    return unreadable
  }
}
