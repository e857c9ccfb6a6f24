import packet from 'dns-packet'
import { expect, test } from 'vitest'
import { decoded, plain } from './wire-messages.ts'

// A message must not be read once its octets are others; who does it all the same gets nonsense, and never a loop.

const REPLY = packet.encode({
  type: 'response',
  id: 1,
  questions: [{ type: 'NS', name: 'www.test' }],
  answers: [{ type: 'NS', name: 'www.test', ttl: 60, data: 'ns.www.test' }],
})

const NAME_AT = 12

test.each<[string, (octets: Buffer) => unknown]>([
  ['a pointer that leads to itself', (octets) => octets.writeUInt16BE(0xc000 + NAME_AT, NAME_AT)],
  [
    'labels that lead back to their start',
    (octets) => octets.writeUInt16BE(0xc000 + NAME_AT, NAME_AT + octets[NAME_AT]! + 1),
  ],
  ['labels without an end', (octets) => octets.fill(1, NAME_AT)],
  ['labels that end behind the last octet', (octets) => octets.fill(63, NAME_AT)],
  ['lengths that no label may have', (octets) => octets.fill(0xbf, NAME_AT)],
])('reading octets that have changed since the check ends: %s', (_, change) => {
  const octets = Buffer.from(REPLY)
  const message = decoded(octets)
  change(octets)
  expect(plain(message)).toMatchObject({ id: 1, isResponse: true })
})
