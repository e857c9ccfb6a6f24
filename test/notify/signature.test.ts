import * as fc from 'fast-check'
import { Webhook } from 'standardwebhooks'
import { describe, expect, test } from 'vitest'
import { makeSecret } from '../../src/notify/secret.ts'
import { sign } from '../../src/notify/signature.ts'

describe('webhook signatures', () => {
  test('the worked example of the reference libraries gives the published signature', () => {
    const signature = sign(
      'msg_p5jXN8AQM9LWM0D4loKWxJek',
      1614265330,
      Buffer.from('{"test": 2432232314}'),
      'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw',
    )
    expect(signature).toBe('v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=')
  })

  test('the reference library accepts what we sign, whatever the body, and nothing that was changed after it', () => {
    const secret = makeSecret()
    const now = Math.floor(Date.now() / 1_000)
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.string({ unit: 'grapheme' })), (content) => {
        const body = Buffer.from(JSON.stringify(content))
        const headers = { 'webhook-id': 'e1-wh_1', 'webhook-timestamp': String(now) }
        const signed = { ...headers, 'webhook-signature': sign('e1-wh_1', now, body, secret) }
        expect(new Webhook(secret).verify(body, signed)).toEqual(JSON.parse(body.toString()))
        const other = { ...signed, 'webhook-id': 'e2-wh_1' }
        expect(() => new Webhook(secret).verify(body, other)).toThrow('No matching signature')
        expect(() => new Webhook(secret).verify(`${body} `, signed)).toThrow('No matching signature')
      }),
    )
  })

  test('an id with a dot and a timestamp that is not whole are bugs of the caller', () => {
    expect(() => sign('a.b', 1, Buffer.from(''), makeSecret())).toThrow('not a webhook-id')
    expect(() => sign('', 1, Buffer.from(''), makeSecret())).toThrow('not a webhook-id')
    expect(() => sign('a', 1.5, Buffer.from(''), makeSecret())).toThrow('not a Unix time')
  })
})
