import { execFile } from 'node:child_process'
import { readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { describe, expect, test } from 'vitest'

const ROOT = join(import.meta.dirname, '../..')
const run = promisify(execFile)

describe.each(['scripts/start', 'scripts/test', '.ci/run'])('%s', (path) => {
  test('is executable and stops at the first failure', () => {
    expect(statSync(join(ROOT, path)).mode & 0o111).toBe(0o111)
    const text = readFileSync(join(ROOT, path), 'utf8')
    expect(text).toMatch(/^#!\/usr\/bin\/env bash\n/)
    expect(text).toMatch(/^set -euo pipefail$/m)
  })

  test('is valid bash', async () => {
    await expect(run('bash', ['-n', join(ROOT, path)])).resolves.toMatchObject({ stderr: '' })
  })

  test('works from any folder', () => {
    expect(readFileSync(join(ROOT, path), 'utf8')).toMatch(/^cd "\$\(dirname "\$0"\)\/\.\."$/m)
  })
})

test('scripts/setup.sh, which both source, is valid bash', async () => {
  await expect(run('bash', ['-n', join(ROOT, 'scripts/setup.sh')])).resolves.toMatchObject({ stderr: '' })
})
