// One question over one TCP connection of its own (RFC 7766). Reused, pipelined connections are not here yet.
import { connect } from 'node:net'
import type { ServerAddress } from './server-address.ts'
import { FrameReader, frameMessage } from './tcp-framing.ts'
import type { EncodedQuery } from './wire/query-encoder.ts'
import { matchReply } from './wire/query-match.ts'

export type TcpResult =
  | { readonly kind: 'reply'; readonly bytes: Uint8Array }
  /** `network`: refused, reset, or closed before the reply was whole. */
  | { readonly kind: 'timeout' | 'network' }

export interface TcpQuestion {
  readonly server: ServerAddress
  readonly query: EncodedQuery
  /** For the handshake and the reply together. */
  readonly timeoutMs: number
  readonly sent: () => void
  readonly onMismatch: () => void
  readonly signal?: AbortSignal | undefined
  /** Aborted when the resolver closes: what is still asked ends as `network`. */
  readonly closing: AbortSignal
}

/**
 * Connects, asks, waits for the reply, closes. The case of the name is not compared: the handshake proves the peer.
 * Rejects only with the reason of an aborted signal.
 */
export async function askOverTcp(question: TcpQuestion): Promise<TcpResult> {
  const { server, query, timeoutMs, sent, onMismatch, signal, closing } = question
  signal?.throwIfAborted()
  if (closing.aborted) return { kind: 'network' }
  return new Promise((resolve, reject) => {
    const socket = connect({ host: server.address, port: server.port, noDelay: true })
    const frames = new FrameReader()
    const leave = (): void => {
      clearTimeout(timer)
      signal?.removeEventListener('abort', abort)
      closing.removeEventListener('abort', fail)
      socket.destroy()
    }
    const settle = (result: TcpResult): void => {
      leave()
      resolve(result)
    }
    const fail = (): void => settle({ kind: 'network' })
    const abort = (): void => {
      leave()
      reject(signal?.reason as Error)
    }
    const timer = setTimeout(() => settle({ kind: 'timeout' }), timeoutMs)
    signal?.addEventListener('abort', abort)
    closing.addEventListener('abort', fail)
    socket.on('connect', () => {
      sent()
      socket.write(frameMessage(query.bytes))
    })
    socket.on('data', (chunk) => {
      for (const bytes of frames.push(chunk)) {
        if (matchReply(query, bytes) !== 'other') return settle({ kind: 'reply', bytes })
        onMismatch()
      }
    })
    // Settling twice is harmless: the promise keeps the first result.
    socket.on('error', fail)
    socket.on('close', fail)
  })
}
