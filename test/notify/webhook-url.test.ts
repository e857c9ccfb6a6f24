import { describe, expect, test } from 'vitest'
import { FluxError } from '../../src/core/errors.ts'
import { parseCidr } from '../../src/core/net/cidr.ts'
import { parseWebhookUrl, refusedAddress } from '../../src/notify/webhook-url.ts'

const cidrs = (...texts: string[]) => texts.map((text) => parseCidr(text)!)

function refusal(url: string, allow = cidrs()): FluxError {
  try {
    parseWebhookUrl(url, allow)
  } catch (error) {
    return error as FluxError
  }
  throw new Error(`was not refused: ${url}`)
}

describe('the URL guard', () => {
  test.each([
    ['https://hooks.example/flux?token=1', 'https://hooks.example/flux?token=1'],
    ['http://hooks.example:8443', 'http://hooks.example:8443/'],
    ['HTTPS://Hooks.Example/a#part', 'https://hooks.example/a'],
    ['https://8.8.8.8/hook', 'https://8.8.8.8/hook'],
    ['https://[2606:4700::1]/hook', 'https://[2606:4700::1]/hook'],
    ['https://localhost.example/', 'https://localhost.example/'],
  ])('%s is accepted', (url, expected) => {
    expect(parseWebhookUrl(url, []).href).toBe(expected)
  })

  test.each([
    ['', 'not an absolute URL'],
    ['/hook', 'not an absolute URL'],
    ['hooks.example/hook', 'not an absolute URL'],
    ['ftp://hooks.example/', 'only http and https'],
    ['file:///etc/passwd', 'only http and https'],
    ['javascript:alert(1)', 'only http and https'],
    ['https://user@hooks.example/', 'credentials'],
    ['https://user:secret@hooks.example/', 'credentials'],
    [`https://hooks.example/${'a'.repeat(2_048)}`, 'longer than'],
    ['http://localhost:8080/', 'this machine'],
    ['http://LOCALHOST./', 'this machine'],
    ['http://redis.localhost/', 'this machine'],
  ])('%s is refused', (url, reason) => {
    const error = refusal(url)
    expect([error.code, error.status]).toEqual(['FLUX_WEBHOOK_URL_REFUSED', 422])
    expect(error.message).toContain(reason)
    expect(error.errors[0]).toMatchObject({ pointer: '/url', code: 'url_refused' })
  })

  test.each([
    ['http://127.0.0.1/', 'Loopback'],
    ['http://127.1/', 'Loopback'],
    ['http://0x7f.1/', 'Loopback'],
    ['http://2130706433/', 'Loopback'],
    ['http://0177.0.0.1/', 'Loopback'],
    ['http://127.0.0.1./', 'Loopback'],
    ['http://①②⑦.0.0.1/', 'Loopback'],
    ['http://0.0.0.0/', 'This host'],
    ['http://10.1.2.3/', 'Private-Use'],
    ['http://172.16.0.1/', 'Private-Use'],
    ['http://192.168.1.1/', 'Private-Use'],
    ['http://169.254.169.254/latest/meta-data/', 'Link Local'],
    ['http://100.64.0.1/', 'Shared Address Space'],
    ['http://224.0.0.1/', 'Multicast'],
    ['http://255.255.255.255/', 'Broadcast'],
    ['http://[::1]/', 'Loopback'],
    ['http://[::]/', 'Unspecified'],
    ['http://[::ffff:127.0.0.1]/', 'Loopback'],
    ['http://[::ffff:7f00:1]/', 'Loopback'],
    ['http://[::127.0.0.1]/', 'IPv4-compatible'],
    ['http://[64:ff9b::7f00:1]/', 'Loopback'],
    ['http://[64:ff9b::808:808]/', 'Translat'],
    ['http://[64:ff9b:1::1]/', 'Translat'],
    ['http://[2002:7f00:1::]/', 'Loopback'],
    ['http://[fe80::1]/', 'Link-Local'],
    ['http://[fec0::1]/', 'Site-Local'],
    ['http://[fd12::1]/', 'Unique-Local'],
    ['http://[ff02::1]/', 'Multicast'],
  ])('%s leads to a special-purpose address and is refused', (url, name) => {
    const error = refusal(url)
    expect(error.code).toBe('FLUX_WEBHOOK_URL_REFUSED')
    expect(error.message).toContain(name)
  })

  test('an allowed block lets its own addresses through and no others', () => {
    const allow = cidrs('127.0.0.0/8', 'fd00::/8')
    expect(parseWebhookUrl('http://127.0.0.1:9000/hook', allow).port).toBe('9000')
    expect(parseWebhookUrl('http://[::ffff:127.0.0.1]/', allow).hostname).toBe('[::ffff:7f00:1]')
    expect(parseWebhookUrl('http://localhost/', allow).hostname).toBe('localhost')
    expect(parseWebhookUrl('http://[fd12::1]/', allow).hostname).toBe('[fd12::1]')
    expect(refusal('http://10.0.0.1/', allow).message).toContain('10.0.0.0/8')
    expect(refusal('http://[2002:7f00:1::]/', allow).message).toContain('Loopback')
  })

  test('what is not an address is refused as one, a zone included', () => {
    expect(refusedAddress('fe80::1%eth0', cidrs('fe80::/10'))).toContain('not an address')
    expect(refusedAddress('hooks.example', [])).toContain('not an address')
    expect(refusedAddress('8.8.8.8', [])).toBeNull()
  })
})
