import { expect, test } from 'vitest'
import { readProbeJob } from '../../src/queue/job-catalogue.ts'

test('A probe job comes back as it was made', () => {
  const job = { targets: [{ id: 'host:www.bad.example', dueAt: 5 }], leaseEnd: 9 }
  expect(readProbeJob(JSON.parse(JSON.stringify(job)))).toEqual(job)
  expect(readProbeJob({ targets: [], leaseEnd: 9 })).toEqual({ targets: [], leaseEnd: 9 })
})

test('Any other payload is refused with a sentence', () => {
  for (const payload of [null, undefined, 5, 'x', {}, { targets: {} }, { targets: 'host:a' }]) {
    expect(() => readProbeJob(payload)).toThrow('a probe job needs a list of targets')
  }
  const targets = [null, 'host:a.example', { id: 'a.example', dueAt: 1 }, { id: 'host:', dueAt: 1 }]
  for (const target of [...targets, { id: 'host:a.example' }, { id: 'zone:a', dueAt: '1' }]) {
    expect(() => readProbeJob({ targets: [target] })).toThrow('not a claimed target')
  }
  expect(() => readProbeJob({ targets: [] })).toThrow('a probe job needs the end of its lease')
})
