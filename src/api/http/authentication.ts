// Decides whether a request carries one of the configured API keys. Keys are compared as SHA-256 digests in constant
// time and never kept, logged or answered.
import { createHash, timingSafeEqual } from 'node:crypto'
import type { FastifyRequest } from 'fastify'
import { FluxError } from '../../core/errors.ts'
import { DEFAULT_TENANT, splitKeyEntry } from '../../core/model/tenant.ts'
import type { ApiInstance } from '../api-instance.ts'

const DIGEST_PREFIX = 'sha256:'

/**
 * Puts `Authorization: Bearer <key>` (alias `X-API-Key: <key>`) before every route but the open ones.
 * Without keys everything is open. Throws at boot on a `sha256:` entry that is not 64 hex digits.
 */
export function requireApiKey(app: ApiInstance, apiKeys: readonly string[]): void {
  const known = apiKeys
    .map(splitKeyEntry)
    .map(({ tenant, key }) => ({ tenant, digest: digestOfConfigured(key) }))
  app.decorateRequest('client', 'anonymous')
  app.decorateRequest('tenant', DEFAULT_TENANT)
  if (known.length === 0) return
  app.addHook('onRequest', async (request) => {
    if (request.routeOptions.config.open === true) return
    const key = presentedKey(request)
    if (key === null)
      throw new FluxError('FLUX_UNAUTHORIZED', 'Send an API key: Authorization: Bearer <key>.')
    const digest = sha256(key)
    const tenant = tenantOf(digest, known)
    if (tenant === null) throw new FluxError('FLUX_UNAUTHORIZED', 'This API key is not known.')
    request.client = digest.toString('hex').slice(0, 16)
    request.tenant = tenant
  })
}

function presentedKey(request: FastifyRequest): string | null {
  const bearer = /^Bearer +(\S+)$/iu.exec(request.headers.authorization ?? '')
  if (bearer) return bearer[1]!
  const alias = request.headers['x-api-key']
  return typeof alias === 'string' && alias !== '' ? alias : null
}

/** Null for no key of ours. Looks at every digest, also after a match: the time taken tells nothing about which key it was. */
function tenantOf(
  digest: Buffer,
  known: readonly { readonly tenant: string; readonly digest: Buffer }[],
): string | null {
  let found: string | null = null
  for (const each of known) if (timingSafeEqual(digest, each.digest)) found ??= each.tenant
  return found
}

function digestOfConfigured(entry: string): Buffer {
  if (!entry.startsWith(DIGEST_PREFIX)) return sha256(entry)
  const hex = entry.slice(DIGEST_PREFIX.length)
  if (!/^[0-9a-f]{64}$/iu.test(hex)) {
    throw new Error('An API key that starts with "sha256:" must go on with 64 hex digits.')
  }
  return Buffer.from(hex, 'hex')
}

function sha256(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}
