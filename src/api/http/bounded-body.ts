// Reads a request body up to a limit. Past the limit it goes on reading for a while without keeping anything: a client
// that is still sending when the connection is closed under it sees a reset and never the 413.
import type { IncomingMessage } from 'node:http'
import type { Readable } from 'node:stream'
import { FluxError } from '../../core/errors.ts'

/** How much of a body that is refused is read before the connection is given up. Hand-set. */
const MAX_DISCARDED_BYTES = 64 * 1024 * 1024

/** Resolves with the bytes; rejects with FLUX_BODY_TOO_LARGE, or FLUX_BAD_REQUEST when the body breaks off. */
export async function readBounded(body: AsyncIterable<Buffer>, limitBytes: number): Promise<Buffer> {
  const chunks: Buffer[] = []
  let sizeBytes = 0
  try {
    for await (const chunk of body) {
      sizeBytes += chunk.length
      if (sizeBytes <= limitBytes) chunks.push(chunk)
      else chunks.length = 0
      if (sizeBytes > limitBytes + MAX_DISCARDED_BYTES) break
    }
  } catch (cause) {
    throw new FluxError('FLUX_BAD_REQUEST', 'The body broke off.', [], cause)
  }
  if (sizeBytes > limitBytes) {
    throw new FluxError('FLUX_BODY_TOO_LARGE', `The body may have at most ${limitBytes} bytes.`)
  }
  return Buffer.concat(chunks, sizeBytes)
}

/** Reads and drops what is left of a body that was given up half-way, so that the answer reaches a client that still sends. */
export async function discardRest(body: Readable): Promise<void> {
  if (body.destroyed || body.readableEnded) return
  let sizeBytes = 0
  try {
    for await (const chunk of body as AsyncIterable<Buffer>) {
      sizeBytes += chunk.length
      if (sizeBytes > MAX_DISCARDED_BYTES) return
    }
  } catch {
    // It broke off: then nobody is sending any more, which is all that this waits for.
  }
}

/** A compressed body is not understood; guessing would let 8 MiB grow without limit. */
export function refuseEncodedBody(request: Pick<IncomingMessage, 'headers'>): void {
  const encoding = request.headers['content-encoding']
  if (encoding !== undefined && encoding.toLowerCase() !== 'identity') {
    throw new FluxError('FLUX_UNSUPPORTED_MEDIA_TYPE', `Content-Encoding ${encoding} is not understood here.`)
  }
}
