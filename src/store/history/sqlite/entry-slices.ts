// Cuts entries of the observations streams into the portions that a thread takes in at a time, each in bytes of its own that can be
// handed over without another copy.

/** Some 1,500 observations: one transaction, and what a writer of another process waits for at most. */
const OCTETS_A_SLICE = 96 * 1024

export interface EntrySlice {
  readonly bytes: Uint8Array<ArrayBuffer>
  /** Where each entry ends. */
  readonly ends: readonly number[]
}

/** In order; an entry is never divided. */
export function* entrySlices(entries: readonly Uint8Array[]): Generator<EntrySlice> {
  let start = 0
  let octets = 0
  for (const [index, entry] of entries.entries()) {
    octets += entry.length
    if (octets < OCTETS_A_SLICE && index < entries.length - 1) continue
    yield joined(entries.slice(start, index + 1), octets)
    start = index + 1
    octets = 0
  }
}

function joined(entries: readonly Uint8Array[], octets: number): EntrySlice {
  const bytes = new Uint8Array(octets)
  const ends: number[] = []
  let end = 0
  for (const entry of entries) {
    bytes.set(entry, end)
    end += entry.length
    ends.push(end)
  }
  return { bytes, ends }
}
