// The dependency rule of the house, enforced: which room may import which, and what a room may not touch.
// Run by `npm run rooms`; takes another tree's src folder as its argument (the tests do).
import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative, resolve, sep } from 'node:path'

/** Packages without I/O, clock or randomness of their own. */
const PURE_PACKAGES = new Set(['tldts', 'ipaddr.js', 'node:url'])
/** What `core/` may not name: clock, randomness, environment, timers. */
const IMPURE =
  /\b(Date\.now\(|new Date\(\)|Math\.random\(|process\.|performance\.|setTimeout\(|setInterval\(|fetch\(|crypto\.|console\.)/
/** May import across rooms. */
const PLUMBING = new Set(['wiring.ts', 'wiring', 'cli'])
const FORBIDDEN_NAMES = /^(index|utils?|helpers?|common|misc|manager)\b/

interface SourceFile {
  readonly path: string
  readonly room: string
  readonly text: string
  readonly imports: readonly string[]
}

const root = resolve(process.argv[2] ?? join(import.meta.dirname, '..', 'src'))
const files = readdirSync(root, { recursive: true, encoding: 'utf8' })
  .filter((path) => path.endsWith('.ts'))
  .map((path) => read(path))
const problems = [...files.flatMap(problemsOf), ...cycles(files)]
for (const problem of problems) process.stderr.write(`${problem}\n`)
if (problems.length > 0) process.exit(1)
process.stdout.write(`rooms: ${files.length} files keep the dependency rule\n`)

function read(path: string): SourceFile {
  const text = readFileSync(join(root, path), 'utf8')
  const imports = [
    ...text.matchAll(/^\s*(?:import|export)\b[^'"\n]*?(?:\n[^'"]*?)?from\s+['"]([^'"]+)['"]/gm),
  ]
    .concat([...text.matchAll(/^\s*import\s+['"]([^'"]+)['"]/gm)])
    .concat([...text.matchAll(/\bimport\(\s*['"]([^'"]+)['"]/g)])
    .map((match) => match[1]!)
  return { path, room: path.split(sep)[0]!, text: withoutComments(text), imports }
}

function withoutComments(text: string): string {
  return text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/(^|\s)\/\/.*$/gm, '$1')
}

function problemsOf(file: SourceFile): string[] {
  const found: string[] = []
  const say = (what: string) => found.push(`src/${file.path}: ${what}`)
  const name = file.path.split(sep).at(-1)!
  if (FORBIDDEN_NAMES.test(name)) say(`is called ${name}; name the concept instead`)
  for (const specifier of file.imports) {
    if (!specifier.startsWith('.')) {
      if (file.room === 'core' && !PURE_PACKAGES.has(specifier))
        say(`core is pure and may not import ${specifier}`)
      continue
    }
    const to = roomOf(file, specifier)
    if (to === file.room || to === 'core' || PLUMBING.has(file.room)) continue
    say(`${file.room} may not import ${to} (${specifier}); state a port instead, and let wiring.ts plug it`)
  }
  const impure = file.room === 'core' ? IMPURE.exec(file.text) : null
  if (impure) say(`core is pure and may not use ${impure[1]}`)
  if (file.path !== 'config.ts' && /\bprocess\.env\b/.test(file.text)) say('only config.ts reads process.env')
  if (file.path !== join('store', 'keys.ts') && /['"`]fw:/.test(file.text))
    say('only store/keys.ts makes Redis keys')
  return found
}

function roomOf(file: SourceFile, specifier: string): string {
  return relative(root, resolve(root, dirname(file.path), specifier)).split(sep)[0]!
}

/** Import cycles, each told once by its first file. */
function cycles(all: readonly SourceFile[]): string[] {
  const byPath = new Map(all.map((file) => [file.path, file]))
  const state = new Map<string, 'open' | 'done'>()
  const found: string[] = []
  const visit = (path: string, trail: readonly string[]): void => {
    if (state.get(path) === 'done') return
    if (state.get(path) === 'open') {
      found.push(`import cycle: ${[...trail.slice(trail.indexOf(path)), path].join(' → ')}`)
      return
    }
    state.set(path, 'open')
    const file = byPath.get(path)
    for (const specifier of file?.imports ?? []) {
      if (specifier.startsWith('.'))
        visit(relative(root, resolve(root, dirname(path), specifier)), [...trail, path])
    }
    state.set(path, 'done')
  }
  for (const file of all) visit(file.path, [])
  return found
}
