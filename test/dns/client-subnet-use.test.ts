import { describe, expect, test } from 'vitest'
import type { Question } from '../../src/core/dns/record.ts'
import type { Reply } from '../../src/core/dns/reply.ts'
import { ClientSubnetWatch } from '../../src/dns/client-subnet-use.ts'
import { reply } from './scripted-source.ts'

const WWW: Question = { name: 'www.example.com', type: 'A' }

function watched(...replies: readonly Reply[]): ClientSubnetWatch {
  const watch = new ClientSubnetWatch(true)
  for (const one of replies) watch.note(WWW, one)
  return watch
}

const times = (count: number, change: Partial<Reply>): Reply[] =>
  Array.from({ length: count }, () => reply(change))

describe('a client subnet', () => {
  test('is none where none is sent, whatever comes back', () => {
    const watch = new ClientSubnetWatch(false)
    watch.note(WWW, reply({ clientSubnetScope: 24 }))
    expect(watch.use).toBe('none')
  })

  test('is unknown until twenty answers are there', () => {
    expect(watched(...times(19, {})).use).toBe('unknown')
  })

  test('is ignored after twenty answers without the option', () => {
    expect(watched(...times(20, {})).use).toBe('ignored')
  })

  test('is ignored after twenty answers for everybody (scope 0)', () => {
    expect(watched(...times(20, { clientSubnetScope: 0 })).use).toBe('ignored')
  })

  test('is honoured from the first answer that was made for a network', () => {
    expect(watched(...times(3, {}), reply({ clientSubnetScope: 20 })).use).toBe('honoured')
  })

  test('is honoured though it was ignored before, and stays so', () => {
    const watch = watched(...times(20, {}), reply({ clientSubnetScope: 1 }), ...times(40, {}))
    expect(watch.use).toBe('honoured')
  })

  test('is not judged by replies that are no answers', () => {
    const others = [
      ...times(20, { outcome: 'nxdomain' }),
      ...times(20, { outcome: 'nodata' }),
      ...times(20, { outcome: 'failed', failure: 'servfail' }),
    ]
    expect(watched(...others).use).toBe('unknown')
  })

  test.each(['PTR', 'NS', 'SOA'] as const)('is not judged by answers that nobody tailors: %s', (type) => {
    const watch = new ClientSubnetWatch(true)
    for (const one of times(20, {})) watch.note({ name: 'example.com', type }, one)
    expect(watch.use).toBe('unknown')
  })
})
