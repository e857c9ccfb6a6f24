import { Writable } from 'node:stream'
import { expect, test } from 'vitest'
import { makeLogger } from '../../src/cli/logger.ts'

test('What was sent to Redis never reaches the log, neither of an error nor of its causes', () => {
  let written = ''
  const stream = new Writable({
    write(chunk, _encoding, done) {
      written += String(chunk)
      done()
    },
  })
  const logger = makeLogger('info', stream)
  const refused = Object.assign(new Error('OOM command not allowed'), {
    name: 'ReplyError',
    command: { name: 'evalsha', args: ['{"secret":"whsec_topsecret"}'] },
  })
  const outer = Object.assign(new Error('the live state cannot be reached', { cause: refused }), {
    code: 'FLUX_X',
  })
  const both = new AggregateError([refused], 'all failed')
  logger.error({ err: refused }, 'one')
  logger.child({ part: 'x' }).error({ err: outer }, 'two')
  logger.error({ err: both }, 'three')
  expect(written).not.toContain('topsecret')
  expect(written).toContain('OOM command not allowed')
  expect(JSON.parse(written.split('\n')[1]!)).toMatchObject({
    part: 'x',
    err: { code: 'FLUX_X', cause: { type: 'ReplyError', message: 'OOM command not allowed' } },
  })
})
