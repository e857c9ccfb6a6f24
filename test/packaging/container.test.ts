// The compose file and the Dockerfile, read as what they say: nothing is built or started here.
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { isBuiltin } from 'node:module'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { readConfig } from '../../src/config.ts'
import { parseRedisUrl } from '../../src/core/net/redis-url.ts'

const ROOT = join(import.meta.dirname, '../..')

interface ComposeService {
  readonly profiles?: readonly string[]
  readonly image?: string
  readonly build?: string
  readonly command?: readonly string[]
  readonly environment?: Readonly<Record<string, string>>
  readonly ports?: readonly string[]
  readonly container_name?: string
  readonly volumes?: readonly string[]
  readonly healthcheck?: { readonly test?: readonly string[]; readonly disable?: boolean }
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>
  readonly deploy?: unknown
  readonly stop_grace_period?: string
  readonly networks?: readonly string[] | Readonly<Record<string, { readonly ipv4_address: string }>>
}

interface Compose {
  readonly services: Readonly<Record<string, ComposeService>>
  readonly volumes: Readonly<Record<string, unknown>>
}

function read(path: string): string {
  return readFileSync(join(ROOT, path), 'utf8')
}

/** As compose does with only `FLUXWATCH_API_KEYS` set. */
function substituted(value: string): string {
  return value
    .replace(/\$\{FLUXWATCH_API_KEYS:\?[^}]*\}/, 'fw_live_0123456789abcdef')
    .replace(/\$\{\w+:-([^}]*)\}/, '$1')
}

describe('docker-compose.yml', () => {
  const compose = parse(read('docker-compose.yml'), { merge: true }) as Compose
  const { api, worker, valkey } = compose.services

  test('has an api, a worker and the live state, the first two from one image', () => {
    const byDefault = Object.entries(compose.services).filter(([, { profiles }]) => profiles === undefined)
    expect(byDefault.map(([name]) => name).toSorted()).toEqual(['api', 'valkey', 'worker'])
    expect(api!.command).toEqual(['api'])
    expect(worker!.command).toEqual(['worker'])
    expect(worker!.image).toBe(api!.image)
    expect([api!.build, worker!.build]).toEqual(['.', '.'])
  })

  test('keeps the live state on disk and evicts nothing of it', () => {
    const command = valkey!.command!
    const setting = (name: string) => command[command.indexOf(`--${name}`) + 1]
    expect(setting('appendonly')).toBe('yes')
    expect(setting('maxmemory-policy')).toBe('noeviction')
    expect(valkey!.volumes).toEqual(['valkey:/data'])
    expect(Object.keys(compose.volumes)).toContain('valkey')
    expect(valkey!.ports).toBeUndefined()
  })

  test('lets the worker be scaled: no name and no port of its own', () => {
    expect(worker!.container_name).toBeUndefined()
    expect(worker!.ports).toBeUndefined()
  })

  test('starts api and workers when the live state answers, and gives them the time to drain', () => {
    for (const service of [api!, worker!]) {
      expect(service.depends_on).toEqual({ valkey: { condition: 'service_healthy' } })
      expect(Number.parseInt(service.stop_grace_period!, 10)).toBeGreaterThanOrEqual(30)
    }
    expect(valkey!.healthcheck?.test).toContain('ping')
  })

  test('does not start an api without keys, since it listens beyond loopback there', () => {
    expect(api!.environment!['FLUXWATCH_HOST']).toBe('0.0.0.0')
    expect(api!.environment!['FLUXWATCH_API_KEYS']).toMatch(/^\$\{FLUXWATCH_API_KEYS:\?.+\}$/)
    for (const port of api!.ports!) expect(port).toMatch(/^127\.0\.0\.1:/)
  })

  test.each(['api', 'worker'])('names only variables that the configuration knows, in %s', (name) => {
    const environment = compose.services[name]!.environment!
    const filled = Object.fromEntries(
      Object.entries(environment).map(([key, value]) => [key, substituted(value)]),
    )
    const config = readConfig(filled)
    expect(config).toMatchObject({ redisUrl: 'redis://valkey:6379', dataDirectory: '/data', vantages: null })
    expect(config.apiKeys.length).toBe(name === 'api' ? 1 : 0)
  })
})

describe('The cluster profile of docker-compose.yml', () => {
  const compose = parse(read('docker-compose.yml'), { merge: true }) as Compose
  const ofProfile = Object.entries(compose.services).filter(([, { profiles }]) =>
    profiles?.includes('cluster'),
  )
  const nodes = ofProfile.filter(([name]) => /^node-\d$/.test(name)).map(([, service]) => service)
  const { 'api-cluster': api, 'worker-cluster': worker, 'create-cluster': creator } = compose.services
  const addressOf = ({ networks }: ComposeService) =>
    (networks as Readonly<Record<string, { ipv4_address: string }>>)['cluster']!.ipv4_address

  test('has six nodes, who creates the cluster of them, an api and a worker', () => {
    const others = ofProfile.map(([name]) => name).filter((name) => !name.startsWith('node-'))
    expect(nodes).toHaveLength(6)
    expect(others.toSorted()).toEqual(['api-cluster', 'create-cluster', 'worker-cluster'])
  })

  test('keeps each node on a disk and at an address of its own, evicts nothing, and serves what is left of it', () => {
    for (const { command, ports } of nodes) {
      const setting = (name: string) => command![command!.indexOf(`--${name}`) + 1]
      expect(setting('cluster-enabled')).toBe('yes')
      expect(setting('cluster-require-full-coverage')).toBe('no')
      expect(setting('appendonly')).toBe('yes')
      expect(setting('maxmemory-policy')).toBe('noeviction')
      expect(ports).toBeUndefined()
    }
    expect(new Set(nodes.map(addressOf)).size).toBe(6)
    expect(new Set(nodes.flatMap(({ volumes }) => volumes)).size).toBe(6)
    for (const volume of nodes.flatMap(({ volumes }) => volumes!)) {
      expect(Object.keys(compose.volumes)).toContain(volume.split(':')[0])
    }
  })

  test('creates it once, of all nodes, before api and worker start', () => {
    const words = creator!.command!.join(' ')
    for (const node of nodes) expect(words).toContain(`${addressOf(node)}:6379`)
    expect(words).toContain('--cluster-replicas 1 --cluster-yes')
    expect(Object.keys(creator!.depends_on!)).toHaveLength(6)
    for (const service of [api!, worker!]) {
      expect(service.depends_on).toEqual({
        'create-cluster': { condition: 'service_completed_successfully' },
      })
      expect(service.image).toBe(compose.services['api']!.image)
      expect(service.networks).toEqual(['default', 'cluster'])
    }
  })

  test('tells api and worker every node, and has what is taken in replicated', () => {
    for (const service of [api!, worker!]) {
      const filled = Object.fromEntries(
        Object.entries(service.environment!).map(([key, value]) => [key, substituted(value)]),
      )
      const { redisUrl, redisReplicas } = readConfig(filled)
      expect(parseRedisUrl(redisUrl!)).toMatchObject({
        form: 'cluster',
        nodes: nodes.map((node) => ({ host: addressOf(node), port: 6379 })),
      })
      expect(redisReplicas).toBe(service === api ? 1 : 0)
    }
    expect(api!.environment!['FLUXWATCH_API_KEYS']).toMatch(/^\$\{FLUXWATCH_API_KEYS:\?.+\}$/)
    for (const port of api!.ports!) expect(port).toMatch(/^127\.0\.0\.1:/)
  })
})

describe('The Dockerfile', () => {
  const text = read('Dockerfile')
  const instructions = text
    .replaceAll(/\\\n/g, ' ')
    .split('\n')
    .filter((line) => line.trim() !== '' && !line.startsWith('#'))
    .map((line) => line.trim().split(/\s+/))
  const of = (name: string) => instructions.filter(([instruction]) => instruction === name)
  /** Sources that come from the build context, not from an earlier stage. */
  const copied = of('COPY')
    .filter((words) => !words[1]!.startsWith('--from='))
    .flatMap((words) => words.slice(1, -1))

  test('is based on Node 24', () => {
    expect(of('FROM').length).toBeGreaterThan(0)
    for (const words of of('FROM')) expect(words[1]).toMatch(/^node:24(-|$)/)
  })

  test('runs as somebody who is not root, in the last stage', () => {
    const lastStage = instructions.slice(instructions.findLastIndex(([name]) => name === 'FROM'))
    const users = lastStage.filter(([name]) => name === 'USER').map((words) => words[1])
    expect(users.length).toBeGreaterThan(0)
    expect(['root', '0']).not.toContain(users.at(-1))
  })

  test('knows whether it is healthy, with a command that exists', () => {
    const [health] = of('HEALTHCHECK')
    expect(health!.join(' ')).toContain('src/cli/main.ts')
    expect(statSync(join(ROOT, 'src/cli/main.ts')).isFile()).toBe(true)
    expect(read('src/cli/main.ts')).toMatch(/command\('health/)
  })

  test('installs no dev dependencies', () => {
    const installs = of('RUN').filter((words) => /npm (install|ci)/.test(words.join(' ')))
    expect(installs.length).toBeGreaterThan(0)
    for (const words of installs) expect(words).toContain('--omit=dev')
  })

  test('copies only what exists and what .dockerignore lets through', () => {
    const lines = read('.dockerignore')
      .split('\n')
      .filter((line) => line !== '')
    expect(lines[0]).toBe('*')
    const letThrough = lines.filter((line) => line.startsWith('!')).map((line) => line.slice(1))
    expect(lines).toHaveLength(letThrough.length + 1)
    expect(copied.length).toBeGreaterThan(0)
    for (const source of copied) {
      expect(statSync(join(ROOT, source.replace(/^\.\//, '')))).toBeTruthy()
      expect(letThrough).toContain(source.replace(/^\.\//, ''))
    }
  })

  test('has every package that the sources import among the dependencies', () => {
    const { dependencies } = JSON.parse(read('package.json')) as { dependencies: Record<string, string> }
    // Types are gone at run time; an optional package (koffi) is imported when it is needed, and may be missing.
    const imported = new Set<string>()
    for (const path of readdirSync(join(ROOT, 'src'), { recursive: true, encoding: 'utf8' })) {
      if (!path.endsWith('.ts')) continue
      for (const [, specifier] of read(join('src', path)).matchAll(
        /^(?:import(?! type)|\}|export)\b.*?from '([^.'][^']*)'/gm,
      )) {
        imported.add(specifier!)
      }
    }
    expect(imported.size).toBeGreaterThan(5)
    for (const specifier of imported) {
      if (isBuiltin(specifier)) continue
      const name = specifier
        .split('/')
        .slice(0, specifier.startsWith('@') ? 2 : 1)
        .join('/')
      expect(Object.keys(dependencies), specifier).toContain(name)
    }
  })
})

describe('The clickhouse profile of docker-compose.yml', () => {
  const compose = parse(read('docker-compose.yml'), { merge: true }) as Compose
  const { 'api-clickhouse': api, 'worker-clickhouse': worker, clickhouse } = compose.services

  test('keeps history in a ClickHouse that only the other containers reach, on a volume', () => {
    expect(clickhouse!.ports).toBeUndefined()
    expect(clickhouse!.volumes).toEqual(['clickhouse:/var/lib/clickhouse'])
    expect(Object.keys(compose.volumes)).toContain('clickhouse')
    for (const service of [api!, worker!]) {
      expect(service.depends_on).toMatchObject({ clickhouse: { condition: 'service_healthy' } })
    }
  })

  test.each([
    ['api', api],
    ['worker', worker],
  ])('names only variables that the configuration knows, in the %s', (_, service) => {
    const config = readConfig(
      Object.fromEntries(
        Object.entries(service!.environment!).map(([key, value]) => [key, substituted(value)]),
      ),
    )
    expect(config.clickhouse).toEqual({
      url: 'http://fluxwatch@clickhouse:8123/',
      database: 'fluxwatch',
      cluster: null,
    })
  })
})
