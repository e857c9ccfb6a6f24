// Opens what is imported as a stream of octets: a file or standard input, unpacked where it is gzip. Decides nothing about lines.
import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { pipeline, Readable } from 'node:stream'
import { createGunzip } from 'node:zlib'

export interface LogInput {
  /** As the person named it; `-` for standard input. */
  readonly name: string
  /** Octets to be read; null where nobody knows. */
  readonly sizeBytes: number | null
  /** Octets read so far, as they lie in the file. */
  readBytes(): number
  /** To be read once. A file that breaks off, or cannot be unpacked, throws there. */
  readonly chunks: AsyncIterable<Buffer>
}

/** Something of that name is there, but it cannot be read as a log. */
export class InputError extends Error {
  override readonly name = 'InputError'
}

const GZIP = Buffer.from([0x1f, 0x8b])
const READ_BYTES = 256 * 1024

/** `path`: `-` for standard input. Rejects with the system's error for a file that is not there, and with `InputError`. */
export async function openInput(path: string, standardInput: Readable = process.stdin): Promise<LogInput> {
  if (path === '-') return countedInput(path, null, standardInput)
  const about = await stat(path)
  if (about.isDirectory()) throw new InputError('it is a folder')
  return countedInput(
    path,
    about.isFile() ? about.size : null,
    createReadStream(path, { highWaterMark: READ_BYTES }),
  )
}

function countedInput(name: string, sizeBytes: number | null, source: Readable): LogInput {
  let read = 0
  async function* counted(): AsyncGenerator<Buffer> {
    for await (const chunk of source as AsyncIterable<Buffer | string>) {
      const octets = typeof chunk === 'string' ? Buffer.from(chunk) : chunk
      read += octets.length
      yield octets
    }
  }
  return { name, sizeBytes, readBytes: () => read, chunks: unpacked(counted()) }
}

/** Told by the octets, whatever the file is called. Of gzip all members, as of logs that were put together. */
async function* unpacked(source: AsyncGenerator<Buffer>): AsyncGenerator<Buffer> {
  let start = Buffer.alloc(0)
  for (;;) {
    const next = await source.next()
    if (next.done) break
    start = Buffer.concat([start, next.value])
    if (start.length >= GZIP.length) break
  }
  const whole = withStart(start, source)
  if (!start.subarray(0, GZIP.length).equals(GZIP)) {
    yield* whole
    return
  }
  // Errors of either end come out of the last one, which is read here.
  yield* pipeline(Readable.from(whole, { objectMode: false }), createGunzip(), () => {})
}

async function* withStart(start: Buffer, rest: AsyncGenerator<Buffer>): AsyncGenerator<Buffer> {
  if (start.length > 0) yield start
  yield* rest
}
