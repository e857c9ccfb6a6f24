// Unpacks a download into a file while it arrives. Whether the result is a database is judged elsewhere.
import { createWriteStream } from 'node:fs'
import { Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createGunzip } from 'node:zlib'
import type { Packing } from './geo-source.ts'
import { tarEntry } from './tar-entry.ts'

/** No such database is as large; a gzip stream may unpack to a thousand times its size. */
const MOST_UNPACKED_BYTES = 1024 * 1024 * 1024

/**
 * Writes the database to `path`, which must not exist, and syncs it to the disk, so that a file renamed after this is
 * whole also after a power cut. Rejects when the packing is damaged or cut off; the file is then worthless.
 */
export async function unpackDatabase(
  packed: AsyncIterable<Buffer>,
  packing: Packing,
  path: string,
  mostBytes: number = MOST_UNPACKED_BYTES,
): Promise<void> {
  const take = (chunks: AsyncIterable<Buffer>) => (packing === 'gzip' ? chunks : tarEntry(chunks, '.mmdb'))
  const file = createWriteStream(path, { flags: 'wx', flush: true })
  await pipeline(packed, createGunzip(), take, boundedTo(mostBytes), file)
}

function boundedTo(mostBytes: number): Transform {
  let bytes = 0
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      bytes += chunk.length
      if (bytes > mostBytes) done(new Error(`it unpacks to more than ${mostBytes} bytes`))
      else done(null, chunk)
    },
  })
}
