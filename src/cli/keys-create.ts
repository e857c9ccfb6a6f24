// Makes an API key: random, with a prefix that secret scanners know, kept by the service as a digest only.
import { createHash, randomBytes } from 'node:crypto'

/** Prints the key (shown once) and the digest for FLUXWATCH_API_KEYS. */
export function keysCreate(): void {
  const key = `fw_live_${randomBytes(24).toString('base64url')}`
  const digest = createHash('sha256').update(key).digest('hex')
  process.stdout.write(`The key, for those who call the API (it cannot be shown again):\n\n  ${key}\n\n`)
  process.stdout.write(
    `Its digest, for the service (several are separated by commas):\n\n  FLUXWATCH_API_KEYS=sha256:${digest}\n`,
  )
}
