// Weak entity tags (RFC 9110, section 8.8.3) of JSON answers, and the 304 that a poller gets when nothing changed.
import { createHash } from 'node:crypto'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { TaggedAnswer } from './kept-answers.ts'

export function tagged(document: unknown): TaggedAnswer {
  const body = Buffer.from(JSON.stringify(document))
  return { body, tag: `W/"${createHash('sha256').update(body).digest('base64url').slice(0, 22)}"` }
}

/** Sends an answer with its ETag, or 304 when the client has this very state already. */
export function sendTagged(
  request: FastifyRequest,
  reply: FastifyReply,
  { body, tag }: TaggedAnswer,
): FastifyReply {
  reply.header('etag', tag).header('cache-control', 'private, no-cache')
  if (matches(request.headers['if-none-match'], tag)) return reply.code(304).send()
  return reply.type('application/json; charset=utf-8').send(body)
}

/** The weak comparison: `W/` does not count. */
function matches(header: string | undefined, tag: string): boolean {
  if (header === undefined) return false
  if (header.trim() === '*') return true
  return header.split(',').some((each) => opaque(each) === opaque(tag))
}

function opaque(tag: string): string {
  return tag.trim().replace(/^W\//u, '')
}
