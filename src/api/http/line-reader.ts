// Cuts a byte stream into lines with flat memory: a line that is too long is reported and skipped, never kept.
import { TextDecoder } from 'node:util'

export interface Line {
  /** Which line of the stream; the first is 0. Empty lines count, but are not reported. */
  readonly index: number
  /** Without the line end. Null when the line is too long or no UTF-8; then see `problem`. */
  readonly text: string | null
  readonly problem: 'line_too_long' | 'bad_utf8' | null
  /** The beginning of the line, for people. Only set with a problem. */
  readonly start: string
}

const LINE_FEED = 0x0a
const SHOWN_BYTES = 256

/** Yields the lines of each chunk together. What the source throws goes through; an unfinished line is then lost. */
export async function* readLines(
  source: AsyncIterable<Buffer>,
  maxLineBytes: number,
): AsyncGenerator<Line[]> {
  const decoder = new TextDecoder('utf-8', { fatal: true })
  let index = 0
  let kept: Buffer[] = []
  let keptBytes = 0

  const keep = (piece: Buffer): void => {
    // One byte over the limit is kept: it tells that the line is too long.
    const room = maxLineBytes + 1 - keptBytes
    const part = piece.length > room ? piece.subarray(0, Math.max(0, room)) : piece
    if (part.length > 0) kept.push(part)
    keptBytes += part.length
  }
  const finish = (): Line | null => {
    const bytes = kept.length === 1 ? kept[0]! : Buffer.concat(kept)
    kept = []
    keptBytes = 0
    return toLine(bytes, index++, maxLineBytes, decoder)
  }

  for await (const chunk of source) {
    const lines: Line[] = []
    let from = 0
    for (let at = chunk.indexOf(LINE_FEED); at !== -1; at = chunk.indexOf(LINE_FEED, from)) {
      keep(chunk.subarray(from, at))
      from = at + 1
      const line = finish()
      if (line) lines.push(line)
    }
    // A copy: a short rest must not keep the whole chunk alive.
    keep(Buffer.from(chunk.subarray(from)))
    if (lines.length > 0) yield lines
  }
  const last = keptBytes > 0 ? finish() : null
  if (last) yield [last]
}

function toLine(bytes: Buffer, index: number, maxLineBytes: number, decoder: TextDecoder): Line | null {
  const start = () => bytes.toString('utf8', 0, SHOWN_BYTES)
  if (bytes.length > maxLineBytes) return { index, text: null, problem: 'line_too_long', start: start() }
  try {
    const text = decoder.decode(bytes).trim()
    return text === '' ? null : { index, text, problem: null, start: '' }
  } catch {
    return { index, text: null, problem: 'bad_utf8', start: start() }
  }
}
