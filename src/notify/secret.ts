// Webhook secrets in the form of Standard Webhooks: `whsec_` + base64 of 24 to 64 bytes. Makes them and reads their
// key; who keeps them is the store's business.
import { randomBytes } from 'node:crypto'
import { FluxError } from '../core/errors.ts'

const PREFIX = 'whsec_'
const MIN_BYTES = 24
const MAX_BYTES = 64
const MADE_BYTES = 32

/** A new secret with 32 random bytes. */
export function makeSecret(): string {
  return PREFIX + randomBytes(MADE_BYTES).toString('base64')
}

/**
 * The key bytes of a secret. Throws `FLUX_INVALID` unless it is `whsec_` + padded base64 of 24 to 64 bytes
 * (Standard Webhooks 1.0, "Secret"). The message never repeats the secret.
 */
export function secretKey(secret: string): Buffer {
  const encoded = secret.startsWith(PREFIX) ? secret.slice(PREFIX.length) : ''
  const key = Buffer.from(encoded, 'base64')
  // Buffer skips what is not base64; only what encodes back to the same text was base64 throughout.
  if (key.toString('base64') !== encoded || key.length < MIN_BYTES || key.length > MAX_BYTES) {
    const detail = `expected \`${PREFIX}\` followed by base64 (with padding) of ${MIN_BYTES} to ${MAX_BYTES} bytes`
    throw new FluxError('FLUX_INVALID', `The webhook secret is not valid: ${detail}`, [
      { pointer: '/secret', code: 'bad_secret', detail },
    ])
  }
  return key
}
