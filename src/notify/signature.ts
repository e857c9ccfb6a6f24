// The symmetric signature of Standard Webhooks 1.0. When it is made and over which body is the sender's business.
import { createHmac } from 'node:crypto'
import { secretKey } from './secret.ts'

/**
 * `v1,<base64 HMAC-SHA256 of id.timestamp.body>`.
 *
 * `body` are the exact bytes that are sent; `timestampSeconds` is Unix time. Throws `FLUX_INVALID` for a bad secret,
 * and an `Error` for an id with a dot or a timestamp that is not whole: either would make the signed text ambiguous.
 */
export function sign(id: string, timestampSeconds: number, body: Uint8Array, secret: string): string {
  if (id === '' || id.includes('.')) throw new Error(`not a webhook-id: ${id}`)
  if (!Number.isSafeInteger(timestampSeconds)) throw new Error(`not a Unix time: ${timestampSeconds}`)
  const hmac = createHmac('sha256', secretKey(secret)).update(`${id}.${timestampSeconds}.`).update(body)
  return `v1,${hmac.digest('base64')}`
}
