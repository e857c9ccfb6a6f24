import { execFile } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'

const SCRIPT = join(import.meta.dirname, '../../scripts/check-rooms.ts')

let root: string
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'fw-rooms-'))
})
afterEach(() => rmSync(root, { recursive: true, force: true }))

interface Verdict {
  readonly exitCode: number
  readonly problems: readonly string[]
  readonly said: string
}

/** Checks a tree of these files, by path. */
function check(files: Record<string, string>, at = root): Promise<Verdict> {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(at, path)), { recursive: true })
    writeFileSync(join(at, path), text)
  }
  return new Promise((resolve) => {
    execFile(process.execPath, [SCRIPT, at], (error, said, complaints) => {
      const problems = complaints.split('\n').filter((line) => line !== '')
      resolve({ exitCode: typeof error?.code === 'number' ? error.code : 0, problems, said })
    })
  })
}

/** A tree that keeps every rule. */
const CLEAN = {
  'core/model/thing.ts': "import { parse } from 'tldts'\nexport const thing = parse\n",
  'core/assess.ts': "import { thing } from './model/thing.ts'\nexport const assess = thing\n",
  'dns/ask.ts':
    "import { createSocket } from 'node:dgram'\nimport { assess } from '../core/assess.ts'\nexport const ask = [createSocket, assess, Date.now()]\n",
  'store/keys.ts': "export const key = 'fw:{p00}:due'\n",
  'store/live.ts': "import { key } from './keys.ts'\nexport const live = key\n",
  'config.ts': 'export const config = process.env\n',
  'wiring.ts':
    "import { ask } from './dns/ask.ts'\nimport { live } from './store/live.ts'\nimport { config } from './config.ts'\nexport const all = [ask, live, config]\n",
  'wiring/house.ts': "import { live } from '../store/live.ts'\nexport const house = live\n",
  'cli/main.ts': "import { all } from '../wiring.ts'\nexport const main = all\n",
}

test('A tree that keeps the rules passes and is counted', async () => {
  expect(await check(CLEAN)).toEqual({
    exitCode: 0,
    problems: [],
    said: `rooms: ${Object.keys(CLEAN).length} files keep the dependency rule\n`,
  })
})

describe('A broken rule is told with the file and fails the check', () => {
  const broken: [rule: string, files: Record<string, string>, sentence: string][] = [
    [
      'a room that imports another',
      { 'dns/peek.ts': "import { live } from '../store/live.ts'\nexport const peek = live\n" },
      'src/dns/peek.ts: dns may not import store (../store/live.ts); state a port instead, and let wiring.ts plug it',
    ],
    [
      'a type of another room',
      { 'dns/peek.ts': "import type { live } from '../store/live.ts'\nexport type Peek = typeof live\n" },
      'src/dns/peek.ts: dns may not import store (../store/live.ts); state a port instead, and let wiring.ts plug it',
    ],
    [
      'an import over several lines',
      { 'dns/peek.ts': "import {\n  live,\n} from '../store/live.ts'\nexport const peek = live\n" },
      'src/dns/peek.ts: dns may not import store (../store/live.ts); state a port instead, and let wiring.ts plug it',
    ],
    [
      'a re-export of another room',
      { 'dns/peek.ts': "export { live } from '../store/live.ts'\n" },
      'src/dns/peek.ts: dns may not import store (../store/live.ts); state a port instead, and let wiring.ts plug it',
    ],
    [
      'a dynamic import of another room',
      { 'dns/peek.ts': "export const peek = () => import('../store/live.ts')\n" },
      'src/dns/peek.ts: dns may not import store (../store/live.ts); state a port instead, and let wiring.ts plug it',
    ],
    [
      'an import for its effect only',
      { 'dns/peek.ts': "import '../store/live.ts'\n" },
      'src/dns/peek.ts: dns may not import store (../store/live.ts); state a port instead, and let wiring.ts plug it',
    ],
    [
      'a room that reaches for the wiring',
      { 'dns/peek.ts': "import { all } from '../wiring.ts'\nexport const peek = all\n" },
      'src/dns/peek.ts: dns may not import wiring.ts (../wiring.ts); state a port instead, and let wiring.ts plug it',
    ],
    [
      'core importing another room',
      { 'core/peek.ts': "import { live } from '../store/live.ts'\nexport const peek = live\n" },
      'src/core/peek.ts: core may not import store (../store/live.ts); state a port instead, and let wiring.ts plug it',
    ],
    [
      'core importing a package that does I/O',
      { 'core/peek.ts': "import { readFileSync } from 'node:fs'\nexport const peek = readFileSync\n" },
      'src/core/peek.ts: core is pure and may not import node:fs',
    ],
    [
      'core importing a package for its effect',
      { 'core/peek.ts': "import 'node:fs'\n" },
      'src/core/peek.ts: core is pure and may not import node:fs',
    ],
    ...[
      'Date.now(',
      'new Date()',
      'Math.random(',
      'process.',
      'performance.',
      'setTimeout(',
      'setInterval(',
      'fetch(',
      'crypto.',
      'console.',
    ].map((name): [string, Record<string, string>, string] => [
      `core using ${name}`,
      { 'core/peek.ts': `export const peek = () => ${name}${name.endsWith('(') ? ')' : ''}\n` },
      `src/core/peek.ts: core is pure and may not use ${name}`,
    ]),
    [
      'another file that reads the environment',
      { 'dns/peek.ts': 'export const peek = process.env.HOME\n' },
      'src/dns/peek.ts: only config.ts reads process.env',
    ],
    [
      'another file that makes Redis keys',
      { 'store/peek.ts': 'export const peek = `fw:{p01}:due`\n' },
      'src/store/peek.ts: only store/keys.ts makes Redis keys',
    ],
    [
      'a name that says nothing',
      { 'dns/utils.ts': 'export const x = 1\n' },
      'src/dns/utils.ts: is called utils.ts; name the concept instead',
    ],
    [
      'a barrel',
      { 'dns/index.ts': "export { ask } from './ask.ts'\n" },
      'src/dns/index.ts: is called index.ts; name the concept instead',
    ],
    [
      'a cycle',
      {
        'dns/a.ts': "import { b } from './b.ts'\nexport const a = b\n",
        'dns/b.ts': "import { c } from './c.ts'\nexport const b = c\n",
        'dns/c.ts': "import { a } from './a.ts'\nexport const c = a\n",
      },
      'import cycle: dns/a.ts → dns/b.ts → dns/c.ts → dns/a.ts',
    ],
  ]

  test.each(broken)('%s', async (_rule, files, sentence) => {
    expect(await check({ ...CLEAN, ...files })).toEqual({ exitCode: 1, problems: [sentence], said: '' })
  })

  test('every broken rule is told, not the first only', async () => {
    const { problems } = await check({
      ...CLEAN,
      'core/helpers.ts': "import { live } from '../store/live.ts'\nexport const now = [live, Date.now()]\n",
    })
    expect(problems).toHaveLength(3)
  })
})

test('What only comments say breaks no rule', async () => {
  const text = [
    '// Date.now() is not used here, nor process.env',
    '/** import { live } from "../store/live.ts"; console.log(`fw:x`) */',
    'export const a = 1 // Math.random()',
  ].join('\n')
  expect((await check({ ...CLEAN, 'core/quiet.ts': `${text}\n` })).exitCode).toBe(0)
})

test('A date that is made from a given time is pure', async () => {
  const text = 'export const iso = (at: number) => new Date(at).toISOString()\n'
  expect((await check({ ...CLEAN, 'core/iso.ts': text })).exitCode).toBe(0)
})
