// Writes what is generated from the API's own code (openapi.yaml, docs/errors.md), or checks that it has not drifted.
// Usage: node scripts/openapi.ts --write | --check
import { readFile, writeFile } from 'node:fs/promises'
import { pino } from 'pino'
import { buildApp } from '../src/api/app.ts'
import { errorsMarkdown } from '../src/api/error-pages.ts'
import { openApiYaml } from '../src/api/openapi.ts'
import type { ApiPorts } from '../src/api/ports.ts'

const root = new URL('../', import.meta.url)

/** The document depends on no port: a call of any of them is a bug and throws here. */
const inertPort = new Proxy(
  {},
  {
    get(_target, method) {
      throw new Error(`The API called ${String(method)} of a port while the contract was made.`)
    },
  },
)
const inertPorts = {
  scans: inertPort,
  domains: inertPort,
  history: inertPort,
  webhooks: inertPort,
  idempotency: inertPort,
  health: inertPort,
  metrics: inertPort,
} as ApiPorts

async function generate(): Promise<Map<string, string>> {
  const { version } = JSON.parse(await readFile(new URL('package.json', root), 'utf8')) as { version: string }
  const app = await buildApp({
    ports: inertPorts,
    config: { apiKeys: [] },
    logger: pino({ level: 'silent' }),
    version,
  })
  const yaml = openApiYaml(app)
  await app.close()
  return new Map([
    ['openapi.yaml', yaml],
    ['docs/errors.md', errorsMarkdown()],
  ])
}

async function write(): Promise<void> {
  for (const [path, text] of await generate()) await writeFile(new URL(path, root), text)
}

/** Answers the files whose text is not what the code says. */
async function drifted(): Promise<string[]> {
  const paths: string[] = []
  for (const [path, text] of await generate()) {
    const committed = await readFile(new URL(path, root), 'utf8').catch(() => null)
    if (committed !== text) paths.push(path)
  }
  return paths
}

const [mode] = process.argv.slice(2)
if (mode === '--write') {
  await write()
} else if (mode === '--check') {
  const paths = await drifted()
  if (paths.length > 0) {
    process.stderr.write(
      `${paths.join(' and ')} drifted from the code: run \`npm run openapi\` and commit the result.\n`,
    )
    process.exitCode = 1
  }
} else {
  process.stderr.write('Say --write or --check.\n')
  process.exitCode = 2
}
