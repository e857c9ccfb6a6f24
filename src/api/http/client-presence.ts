// Tells a long-poll that waiting on is pointless: the client has gone, or this process drains.
import type { FastifyReply } from 'fastify'

/** A signal that is aborted when the connection closes before the answer is written, or when `also` is. */
export function abortWhenGone(reply: FastifyReply, also: AbortSignal): AbortSignal {
  const gone = new AbortController()
  reply.raw.once('close', () => {
    if (!reply.raw.writableFinished) gone.abort()
  })
  return AbortSignal.any([gone.signal, also])
}
