import { execFile } from 'node:child_process'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { makeSqlitePlace } from '../store/history/temporary-history.ts'

const MAIN = new URL('../../src/cli/main.ts', import.meta.url).pathname

let place: Awaited<ReturnType<typeof makeSqlitePlace>>
beforeAll(async () => {
  place = await makeSqlitePlace()
  await (await place.open()).close()
})
afterAll(() => place.remove())

/** Code 1 and up comes as a rejection. */
function historyCopy(...options: string[]): Promise<{ code: unknown; says: string }> {
  return new Promise((resolve) => {
    execFile(process.execPath, [MAIN, 'history', 'copy', ...options], { env: {} }, (error, _, says) =>
      resolve({ code: error?.code ?? 0, says }),
    )
  })
}

test.each([
  [
    'no file',
    () => ['--from', '/nonexistent/history.sqlite'],
    'there is no history file /nonexistent/history.sqlite',
  ],
  ['no target', () => ['--from', place.path], 'say where to: with CLICKHOUSE_URL, or with --to'],
  [
    'a target of another kind',
    () => ['--from', place.path, '--to', 'ftp://host'],
    '--to must look like http://',
  ],
  ['a file that is none', () => ['--from', MAIN, '--to', 'http://127.0.0.1:1'], 'the file cannot be read'],
  ['nobody at the target', () => ['--from', place.path, '--to', 'http://127.0.0.1:1'], 'ECONNREFUSED'],
])('`history copy` with %s says so in a sentence', async (_, options, says) => {
  const told = await historyCopy(...options())
  expect(told).toMatchObject({ code: 2, says: expect.stringContaining(says) })
  expect(told.says.trim().split('\n')).toHaveLength(1)
})
