// The two-octet length before each message on a stream (RFC 1035, section 4.2.2; RFC 7766, section 8).

/** Length and message in one piece, so that they leave in one segment (RFC 7766, section 8). */
export function frameMessage(message: Uint8Array): Buffer {
  const framed = Buffer.alloc(2 + message.length)
  framed.writeUInt16BE(message.length)
  framed.set(message, 2)
  return framed
}

/** Cuts a stream into messages, wherever its chunks end. Holds at most one unfinished message (64 KiB). */
export class FrameReader {
  #rest: Buffer = Buffer.alloc(0)

  /** The messages that are complete with this chunk, in order. */
  push(chunk: Buffer): Buffer[] {
    const bytes = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk])
    const messages: Buffer[] = []
    let at = 0
    while (bytes.length - at >= 2) {
      const end = at + 2 + bytes.readUInt16BE(at)
      if (end > bytes.length) break
      messages.push(bytes.subarray(at + 2, end))
      at = end
    }
    this.#rest = bytes.subarray(at)
    return messages
  }
}
