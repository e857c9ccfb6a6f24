import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { FluxError } from '../../src/core/errors.ts'
import { makeSecret, secretKey } from '../../src/notify/secret.ts'

function refusal(secret: string): unknown {
  try {
    return secretKey(secret)
  } catch (error) {
    return error
  }
}

describe('webhook secrets', () => {
  test('a made secret has 32 bytes and is never made twice', () => {
    const secrets = Array.from({ length: 100 }, makeSecret)
    expect(new Set(secrets).size).toBe(100)
    expect(secrets.map((secret) => secretKey(secret).length)).toEqual(Array.from({ length: 100 }, () => 32))
  })

  test('the key is what was encoded, for every length from 24 to 64 bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 24, maxLength: 64 }), (bytes) => {
        const key = secretKey(`whsec_${Buffer.from(bytes).toString('base64')}`)
        expect(key.equals(bytes)).toBe(true)
      }),
    )
  })

  test.each([
    ['without the prefix', Buffer.alloc(32).toString('base64')],
    ['with the prefix of a public key', `whpk_${Buffer.alloc(32).toString('base64')}`],
    ['of 23 bytes', `whsec_${Buffer.alloc(23).toString('base64')}`],
    ['of 65 bytes', `whsec_${Buffer.alloc(65).toString('base64')}`],
    ['without padding', `whsec_${Buffer.alloc(32).toString('base64url')}`],
    ['that is not base64', 'whsec_this is not base64 at all, is it? no!!'],
    ['that is empty', ''],
  ])('a secret %s is refused, and the error does not repeat it', (_, secret) => {
    const error = refusal(secret)
    expect(error).toBeInstanceOf(FluxError)
    expect((error as FluxError).code).toBe('FLUX_INVALID')
    const encoded = secret.split('_').at(-1)!
    if (encoded !== '') expect(JSON.stringify([error, (error as FluxError).message])).not.toContain(encoded)
  })
})
