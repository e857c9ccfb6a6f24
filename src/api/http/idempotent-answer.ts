// Idempotency-Key (draft-ietf-httpapi-idempotency-key-header-07): the same key with the same request gets the stored
// answer again, and the work is done once. Only answers of success are kept; after a failure the key is free again.
import { createHash } from 'node:crypto'
import type { FastifyRequest } from 'fastify'
import { FluxError } from '../../core/errors.ts'
import type { IdempotencyKeys } from '../ports.ts'
import { mediaTypeOf } from './media-types.ts'
import { invalid } from '../problems/problem-error.ts'

export interface StoredAnswer {
  readonly status: 202
  readonly headers: Readonly<Record<string, string>>
  readonly body: unknown
}

/**
 * Does the work once per key. Without the header it just does it.
 * Throws FLUX_INVALID (a key that is none), FLUX_IDEMPOTENCY_IN_PROGRESS, FLUX_IDEMPOTENCY_MISMATCH, and what `work` throws.
 */
export async function answerOnce(
  request: FastifyRequest,
  keys: IdempotencyKeys,
  work: () => Promise<StoredAnswer>,
): Promise<{ answer: StoredAnswer; replayed: boolean }> {
  const key = idempotencyKeyOf(request)
  if (key === null) return { answer: await work(), replayed: false }
  // Keys of different clients must not meet.
  const scoped = `${request.client}:${key}`
  const begun = await keys.begin(scoped, fingerprintOf(request))
  if (begun.state === 'done') return { answer: JSON.parse(begun.answer) as StoredAnswer, replayed: true }
  if (begun.state === 'running') {
    throw new FluxError('FLUX_IDEMPOTENCY_IN_PROGRESS', 'The first request with this key has not ended yet.')
  }
  if (begun.state === 'mismatch') {
    throw new FluxError('FLUX_IDEMPOTENCY_MISMATCH', 'Use a new Idempotency-Key for another request.')
  }
  const answer = await workOrRelease(request, keys, scoped, work)
  try {
    await keys.finish(scoped, JSON.stringify(answer))
  } catch (err) {
    // What was asked for is done: the client must hear so, even if a retry cannot be recognised.
    request.log.warn({ err }, 'the answer could not be stored under its Idempotency-Key')
  }
  return { answer, replayed: false }
}

async function workOrRelease(
  request: FastifyRequest,
  keys: IdempotencyKeys,
  key: string,
  work: () => Promise<StoredAnswer>,
): Promise<StoredAnswer> {
  try {
    return await work()
  } catch (error) {
    await keys.release(key).catch((err: unknown) => request.log.warn({ err }, 'Idempotency-Key not released'))
    throw error
  }
}

/** Null without the header. The draft's form is a quoted string; the bare key that everybody sends is taken too. */
export function idempotencyKeyOf(request: Pick<FastifyRequest, 'headers'>): string | null {
  const header = request.headers['idempotency-key']
  if (header === undefined) return null
  const key = typeof header === 'string' ? header.replace(/^"(.*)"$/u, '$1') : ''
  if (!/^[\x21-\x7e]{1,255}$/u.test(key)) {
    throw invalid(
      '/header/idempotency-key',
      'pattern',
      'An Idempotency-Key is 1 to 255 printable ASCII characters.',
    )
  }
  return key
}

function fingerprintOf(request: FastifyRequest): string {
  return createHash('sha256')
    .update(
      [
        request.method,
        request.url,
        mediaTypeOf(request.headers['content-type']),
        request.bodyDigest ?? '',
      ].join('\n'),
    )
    .digest('hex')
}
