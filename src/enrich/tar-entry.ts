// Takes one file out of a tar stream. Just enough of POSIX ustar for archives that hold a database: regular files with
// names up to 256 bytes; long names and sparse files are not read.

const BLOCK_BYTES = 512

/**
 * The content of the first regular file whose name ends with `suffix`, chunk by chunk. Throws when the archive is cut
 * off, is no tar, or has no such file. The rest of the stream is read and dropped: the checksum of its packing comes last.
 * Source: POSIX.1-2017, pax, "ustar Interchange Format".
 */
export async function* tarEntry(chunks: AsyncIterable<Buffer>, suffix: string): AsyncGenerator<Buffer> {
  const reader = new ByteReader(chunks)
  for (;;) {
    const header = await reader.exactly(BLOCK_BYTES)
    // The archive ends with blocks of zeros.
    if (header.every((byte) => byte === 0)) throw new Error(`the archive has no file *${suffix}`)
    const entry = readHeader(header)
    if (entry.regular && entry.name.endsWith(suffix)) {
      yield* reader.upTo(entry.sizeBytes)
      await reader.drain()
      return
    }
    const padded = Math.ceil(entry.sizeBytes / BLOCK_BYTES) * BLOCK_BYTES
    for await (const _ of reader.upTo(padded)) continue
  }
}

function readHeader(header: Buffer): { name: string; sizeBytes: number; regular: boolean } {
  // The sum of all bytes, its own field counted as spaces.
  const sum = header.reduce((total, byte, index) => total + (index >= 148 && index < 156 ? 32 : byte), 0)
  if (sum !== octal(header, 148, 8)) throw new Error('the archive is damaged or no tar')
  const prefix = text(header, 345, 155)
  const name = text(header, 0, 100)
  const type = header[156]
  return {
    name: prefix === '' ? name : `${prefix}/${name}`,
    sizeBytes: octal(header, 124, 12),
    // '0', or NUL in archives older than POSIX.
    regular: type === 0x30 || type === 0,
  }
}

function text(header: Buffer, offset: number, length: number): string {
  const field = header.subarray(offset, offset + length)
  const end = field.indexOf(0)
  return field.toString('utf8', 0, end < 0 ? length : end)
}

function octal(header: Buffer, offset: number, length: number): number {
  const digits = text(header, offset, length).trim()
  if (!/^[0-7]+$/.test(digits)) throw new Error('the archive is damaged or no tar')
  return Number.parseInt(digits, 8)
}

/** Cuts a stream of chunks at the places that its reader asks for. */
class ByteReader {
  readonly #chunks: AsyncIterator<Buffer>
  #left: Buffer = Buffer.alloc(0)

  constructor(chunks: AsyncIterable<Buffer>) {
    this.#chunks = chunks[Symbol.asyncIterator]()
  }

  async exactly(bytes: number): Promise<Buffer> {
    const parts: Buffer[] = []
    for await (const part of this.upTo(bytes)) parts.push(part)
    return Buffer.concat(parts)
  }

  async drain(): Promise<void> {
    while ((await this.#chunks.next()).done !== true) continue
  }

  async *upTo(bytes: number): AsyncGenerator<Buffer> {
    let wanted = bytes
    while (wanted > 0) {
      if (this.#left.length === 0) {
        const next = await this.#chunks.next()
        if (next.done === true) throw new Error('the archive is cut off')
        this.#left = next.value
      }
      const part = this.#left.subarray(0, wanted)
      this.#left = this.#left.subarray(part.length)
      wanted -= part.length
      if (part.length > 0) yield part
    }
  }
}
