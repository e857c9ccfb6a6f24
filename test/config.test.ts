import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { ConfigError, isLoopbackHost, readConfig } from '../src/config.ts'
import { parseCidr } from '../src/core/net/cidr.ts'

const KEY = 'fw_live_0123456789abcdef0123456789abcdef'
const AUTHORITY = join(import.meta.dirname, 'dns/certificates/ca.pem')
const HASH = `sha256:${'0123456789abcdef'.repeat(4)}`

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'fw-config-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

function file(text: string, name = 'fluxwatch.yaml'): string {
  const path = join(folder, name)
  writeFileSync(path, text)
  return path
}

/** The sentence with which the configuration is refused. */
function refusal(environment: NodeJS.ProcessEnv): string {
  try {
    readConfig(environment)
  } catch (error) {
    if (error instanceof ConfigError) return error.message
    throw error
  }
  throw new Error('the configuration was accepted')
}

describe('The configuration', () => {
  test('has the documented defaults', () => {
    expect(readConfig({})).toEqual({
      host: '127.0.0.1',
      port: 8080,
      redisUrl: null,
      clickhouse: null,
      redisCa: null,
      redisReplicas: 0,
      dataDirectory: resolve('./data'),
      apiKeys: [],
      tenantWeights: new Map(),
      maxTargets: null,
      maxLagSeconds: null,
      vantages: null,
      asnMmdb: null,
      countryMmdb: null,
      optOut: null,
      ptr: { enabled: true, qps: 5 },
      udpEngine: 'auto',
      webhookAllow: [],
      minIntervalSeconds: null,
      historyDays: 90,
      historyBacklogOctets: 256 * 1024 * 1024,
      workers: null,
      configFile: null,
      logLevel: 'info',
    })
  })

  test('takes every variable from the environment', () => {
    const config = readConfig({
      FLUXWATCH_HOST: '0.0.0.0',
      FLUXWATCH_PORT: '9090',
      REDIS_URL: 'rediss://user:secret@redis.example:6380/1',
      FLUXWATCH_REDIS_CA: AUTHORITY,
      FLUXWATCH_REDIS_REPLICAS: '2',
      CLICKHOUSE_URL: 'https://writer:p%40ss@clickhouse.example:8443/probes',
      FLUXWATCH_CLICKHOUSE_CLUSTER: 'main-2',
      FLUXWATCH_DATA_DIR: '/var/lib/fluxwatch',
      FLUXWATCH_API_KEYS: ` ${KEY}, ${HASH} ,`,
      FLUXWATCH_TENANT_WEIGHTS: ' acme=3, soc-2=1000,',
      FLUXWATCH_MAX_TARGETS: '2000000',
      FLUXWATCH_MAX_LAG: '900',
      FLUXWATCH_VANTAGES: '[{"id":"quad9","protocol":"udp","server":"9.9.9.10:53"}]',
      FLUXWATCH_ASN_MMDB: '/geo/asn.mmdb',
      FLUXWATCH_COUNTRY_MMDB: '/geo/country.mmdb',
      FLUXWATCH_OPT_OUT: '/etc/fluxwatch/opt-out',
      FLUXWATCH_PTR: 'off',
      FLUXWATCH_PTR_QPS: '2',
      FLUXWATCH_UDP_ENGINE: 'plain',
      FLUXWATCH_WEBHOOK_ALLOW: '10.1.0.0/16, 2001:db8::/32, 192.0.2.7',
      FLUXWATCH_MIN_INTERVAL: '10',
      FLUXWATCH_HISTORY_DAYS: '30',
      FLUXWATCH_HISTORY_BACKLOG: '64',
      FLUXWATCH_WORKERS: '3',
      FLUXWATCH_LOG_LEVEL: 'debug',
      PATH: '/bin',
    })
    expect(config).toEqual({
      host: '0.0.0.0',
      port: 9090,
      redisUrl: 'rediss://user:secret@redis.example:6380/1',
      redisCa: readFileSync(AUTHORITY, 'utf8').trim(),
      redisReplicas: 2,
      clickhouse: {
        url: 'https://writer:p%40ss@clickhouse.example:8443/',
        database: 'probes',
        cluster: 'main-2',
      },
      dataDirectory: '/var/lib/fluxwatch',
      apiKeys: [KEY, HASH],
      tenantWeights: new Map([
        ['acme', 3],
        ['soc-2', 1000],
      ]),
      maxTargets: 2_000_000,
      maxLagSeconds: 900,
      vantages: [{ id: 'quad9', protocol: 'udp', server: '9.9.9.10:53' }],
      asnMmdb: '/geo/asn.mmdb',
      countryMmdb: '/geo/country.mmdb',
      optOut: '/etc/fluxwatch/opt-out',
      ptr: { enabled: false, qps: 2 },
      udpEngine: 'plain',
      webhookAllow: ['10.1.0.0/16', '2001:db8::/32', '192.0.2.7'].map((text) => parseCidr(text)),
      minIntervalSeconds: 10,
      historyDays: 30,
      historyBacklogOctets: 64 * 1024 * 1024,
      workers: 3,
      configFile: null,
      logLevel: 'debug',
    })
    expect(Object.isFrozen(config)).toBe(true)
  })

  test('takes an empty variable for one that is not set', () => {
    expect(
      readConfig({ FLUXWATCH_PORT: '', REDIS_URL: '', FLUXWATCH_VANTAGES: '', CLICKHOUSE_URL: '' }),
    ).toEqual(readConfig({}))
  })

  test('lets the service choose a free port with 0', () => {
    expect(readConfig({ FLUXWATCH_PORT: '0' }).port).toBe(0)
  })
})

test("An API key may be a tenant's, in clear or as a digest, and is kept as it was given", () => {
  const keys = [`acme=${KEY}`, `soc=${HASH}`, KEY, 'Base64LooksLikeThis==']
  expect(readConfig({ FLUXWATCH_API_KEYS: keys.join(',') }).apiKeys).toEqual(keys)
})

describe('A value that cannot be used is refused with a sentence that names it', () => {
  const bad: [variable: string, value: string, says: string][] = [
    ['FLUXWATCH_PORT', '80a', 'FLUXWATCH_PORT is "80a", but must be a whole number from 0 to 65535.'],
    ['FLUXWATCH_PORT', '65536', 'a whole number from 0 to 65535'],
    ['FLUXWATCH_PORT', '-1', 'a whole number from 0 to 65535'],
    ['FLUXWATCH_PORT', '80.5', 'a whole number from 0 to 65535'],
    ['FLUXWATCH_PORT', '1e3', 'a whole number from 0 to 65535'],
    ['FLUXWATCH_MIN_INTERVAL', '0', 'a whole number from 1 to 86400'],
    ['FLUXWATCH_MIN_INTERVAL', '86401', 'a whole number from 1 to 86400'],
    ['REDIS_URL', 'localhost:6379', 'must look like redis://host:6379'],
    ['REDIS_URL', 'http://redis:6379', 'must look like redis://host:6379'],
    ['REDIS_URL', 'redis://[', 'must look like redis://host:6379'],
    ['REDIS_URL', 'redis+cluster://', 'REDIS_URL must list hosts with ports'],
    ['REDIS_URL', 'redis+sentinel://s1,s2', 'REDIS_URL must name the master after the Sentinels'],
    ['FLUXWATCH_REDIS_REPLICAS', '6', 'a whole number from 0 to 5'],
    ['FLUXWATCH_REDIS_REPLICAS', '1', 'FLUXWATCH_REDIS_REPLICAS is set, but REDIS_URL is not'],
    ['FLUXWATCH_REDIS_CA', AUTHORITY, 'FLUXWATCH_REDIS_CA is set, but REDIS_URL does not begin with rediss'],
    ['FLUXWATCH_VANTAGES', '[{', 'is not valid JSON'],
    ['FLUXWATCH_WEBHOOK_ALLOW', '10.0.0.0/33', '"10.0.0.0/33" is neither an address nor a prefix'],
    ['FLUXWATCH_WEBHOOK_ALLOW', '10.0.0.0/8,intranet', '"intranet" is neither an address nor a prefix'],
    ['FLUXWATCH_API_KEYS', 'short', 'key 1: must have at least 16 characters'],
    ['FLUXWATCH_API_KEYS', `${KEY},sha256:12`, 'key 2: must have at least 16 characters, or be sha256:'],
    ['FLUXWATCH_API_KEYS', `${KEY},acme=short`, 'key 2: must have at least 16 characters'],
    ['FLUXWATCH_API_KEYS', 'acme=sha256:12', 'key 1: must have at least 16 characters, or be sha256:'],
    ['FLUXWATCH_TENANT_WEIGHTS', 'acme=3,soc', '"soc" is not a tenant and its weight from 1 to 1000'],
    ['FLUXWATCH_TENANT_WEIGHTS', 'acme=0', '"acme=0" is not a tenant and its weight'],
    ['FLUXWATCH_TENANT_WEIGHTS', 'acme=1001', '"acme=1001" is not a tenant and its weight'],
    ['FLUXWATCH_TENANT_WEIGHTS', 'acme=1.5', '"acme=1.5" is not a tenant and its weight'],
    ['FLUXWATCH_TENANT_WEIGHTS', 'Acme=1', '"Acme=1" is not a tenant and its weight'],
    ['FLUXWATCH_TENANT_WEIGHTS', '=1', '"=1" is not a tenant and its weight'],
    ['FLUXWATCH_MAX_TARGETS', '0', 'a whole number from 1 to 1000000000'],
    ['FLUXWATCH_MAX_TARGETS', '2e6', 'a whole number from 1 to 1000000000'],
    ['FLUXWATCH_MAX_LAG', '0', 'a whole number from 1 to 2592000'],
    ['FLUXWATCH_MAX_LAG', '15m', 'a whole number from 1 to 2592000'],
    ['FLUXWATCH_PTR', 'yes', 'FLUXWATCH_PTR is "yes", but must be one of: on, off.'],
    ['FLUXWATCH_PTR_QPS', '0', 'a whole number from 1 to 1000'],
    ['FLUXWATCH_WORKERS', 'all', 'a whole number from 0 to 64'],
    ['FLUXWATCH_WORKERS', '65', 'a whole number from 0 to 64'],
    ['FLUXWATCH_UDP_ENGINE', 'fast', 'but must be one of: auto, plain, batched.'],
    ['FLUXWATCH_LOG_LEVEL', 'loud', 'FLUXWATCH_LOG_LEVEL is "loud", but must be one of: fatal, error,'],
    ['CLICKHOUSE_URL', 'clickhouse:8123', 'must look like http://user:password@host:8123/database'],
    ['CLICKHOUSE_URL', 'http://me:100%@clickhouse:8123', 'a % that does not begin an escape'],
    ['CLICKHOUSE_URL', 'http://clickhouse:8123/a/b', 'must name a database in letters, digits'],
    ['CLICKHOUSE_URL', 'http://clickhouse:8123/?database=x', 'must end after the database'],
    ['FLUXWATCH_CLICKHOUSE_CLUSTER', 'main', 'is set, but CLICKHOUSE_URL is not'],
    ['FLUXWATCH_CONFIG', '/nonexistent/fluxwatch.yaml', '/nonexistent/fluxwatch.yaml cannot be read'],
  ]
  test.each(bad)('%s=%s', (variable, value, says) => {
    const sentence = refusal({ [variable]: value })
    expect(sentence).toContain(variable)
    expect(sentence).toContain(says)
  })

  test('a cluster of ClickHouse whose name no server could have', () => {
    expect(refusal({ CLICKHOUSE_URL: 'http://clickhouse', FLUXWATCH_CLICKHOUSE_CLUSTER: "x' OR" })).toContain(
      'FLUXWATCH_CLICKHOUSE_CLUSTER',
    )
  })

  test('an unknown FLUXWATCH_ variable, with the known ones', () => {
    const sentence = refusal({ FLUXWATCH_PROT: '8080' })
    expect(sentence).toMatch(/^FLUXWATCH_PROT is not a setting of fluxwatch\. Known are: /)
    expect(sentence).toContain('FLUXWATCH_PORT')
  })
})

describe('The configuration file', () => {
  test('sets what the environment does not, and the environment wins', () => {
    const path = file('FLUXWATCH_PORT: 9000\nFLUXWATCH_HOST: 0.0.0.0\nREDIS_URL: redis://redis:6379\n')
    const config = readConfig({ FLUXWATCH_CONFIG: path, FLUXWATCH_PORT: '9001' })
    expect(config).toMatchObject({ port: 9001, host: '0.0.0.0', redisUrl: 'redis://redis:6379' })
    expect(config.configFile).toBe(path)
  })

  test('may be JSON, and may hold lists and mappings where the environment has text', () => {
    const settings = {
      FLUXWATCH_VANTAGES: [{ id: 'local', protocol: 'udp', server: '127.0.0.1:53' }],
      FLUXWATCH_API_KEYS: [KEY, HASH],
      FLUXWATCH_WEBHOOK_ALLOW: ['10.0.0.0/8'],
      FLUXWATCH_TENANT_WEIGHTS: { acme: 3, soc: 1 },
    }
    expect(readConfig({ FLUXWATCH_CONFIG: file(JSON.stringify(settings), 'fluxwatch.json') })).toMatchObject({
      vantages: settings.FLUXWATCH_VANTAGES,
      apiKeys: [KEY, HASH],
      webhookAllow: [parseCidr('10.0.0.0/8')],
      tenantWeights: new Map([
        ['acme', 3],
        ['soc', 1],
      ]),
    })
    const list = file('FLUXWATCH_TENANT_WEIGHTS: [acme=2]\n')
    expect(readConfig({ FLUXWATCH_CONFIG: list }).tenantWeights).toEqual(new Map([['acme', 2]]))
  })

  test('with a weight that is none is refused by name', () => {
    for (const weight of ['none', '-1', '[1, 2]', '']) {
      const path = file(`FLUXWATCH_TENANT_WEIGHTS: {acme: ${weight}}\n`)
      expect(refusal({ FLUXWATCH_CONFIG: path })).toMatch(
        /^FLUXWATCH_TENANT_WEIGHTS: "acme=.*" is not a tenant and its weight from 1 to 1000, such as acme=3\.$/,
      )
    }
  })

  test('with a key that is not set leaves the default', () => {
    expect(readConfig({ FLUXWATCH_CONFIG: file('FLUXWATCH_PORT:\n') }).port).toBe(8080)
  })

  test('may say on and off without quotes', () => {
    expect(readConfig({ FLUXWATCH_CONFIG: file('FLUXWATCH_PTR: off\n') }).ptr.enabled).toBe(false)
  })

  test('with an unknown key is refused', () => {
    expect(refusal({ FLUXWATCH_CONFIG: file('PORT: 8080\n') })).toMatch(/^PORT is not a setting/)
  })

  test('that is no mapping is refused', () => {
    for (const text of ['', 'FLUXWATCH_PORT', '- 8080']) {
      const path = file(text)
      expect(refusal({ FLUXWATCH_CONFIG: path })).toBe(
        `FLUXWATCH_CONFIG: ${path} must hold a mapping of settings, for example "FLUXWATCH_PORT: 8080".`,
      )
    }
  })

  test('with a list or a mapping where a text belongs is refused by name', () => {
    expect(refusal({ FLUXWATCH_CONFIG: file('FLUXWATCH_HOST: [a, b]\n') })).toBe(
      'FLUXWATCH_HOST must be a text, not a list.',
    )
    expect(refusal({ FLUXWATCH_CONFIG: file('FLUXWATCH_PORT: {a: 1}\n') })).toBe(
      'FLUXWATCH_PORT must be a text, not a mapping.',
    )
  })
})

describe('The authorities of a Redis over TLS', () => {
  const REDIS_URL = 'rediss+cluster://:secret@r1:7000,r2:7001'

  test('are read from their file at boot, several of them if there are', () => {
    const pem = readFileSync(AUTHORITY, 'utf8').trim()
    const path = file(`# ours\n${pem}\n\n# theirs\n${pem}\n`, 'authorities.pem')
    expect(readConfig({ REDIS_URL, FLUXWATCH_REDIS_CA: path }).redisCa).toBe(`${pem}\n${pem}`)
  })

  test('are refused where the file is not there, holds none, or a broken one', () => {
    const of = (path: string) => refusal({ REDIS_URL, FLUXWATCH_REDIS_CA: path })
    expect(of('/nonexistent/ca.pem')).toContain('FLUXWATCH_REDIS_CA: /nonexistent/ca.pem cannot be read')
    const broken = readFileSync(AUTHORITY, 'utf8').replace(/^M.*$/m, 'x')
    for (const text of ['', 'redis', broken, `${readFileSync(AUTHORITY, 'utf8')}\n${broken}`]) {
      expect(of(file(text, 'ca.pem'))).toContain('must hold certificates of authorities in PEM form')
    }
  })

  test('are not asked for where nothing is encrypted', () => {
    expect(refusal({ REDIS_URL: 'redis+cluster://r1', FLUXWATCH_REDIS_CA: AUTHORITY })).toContain(
      'nothing is encrypted',
    )
  })
})

describe('Secrets never appear in a refusal', () => {
  const SECRET = 'fw_live_verysecretverysecret'

  test.each([
    { FLUXWATCH_API_KEYS: `sha256:${SECRET}` },
    { FLUXWATCH_API_KEYS: `${SECRET},x` },
    { FLUXWATCH_API_KEYS: SECRET.slice(0, 15) },
    { FLUXWATCH_API_KEYS: `acme=${SECRET.slice(0, 15)}` },
    { FLUXWATCH_API_KEYS: `acme=sha256:${SECRET}` },
    { REDIS_URL: `redis//user:${SECRET}@redis:6379` },
    { REDIS_URL: `redis+cluster://${SECRET}@redis:6379` },
    { REDIS_URL: `redis+cluster://user:${SECRET}@redis:6379/0` },
    { REDIS_URL: `redis+cluster://user:${SECRET}@redis:port` },
    { REDIS_URL: `redis+cluster://user:%zz${SECRET}@redis` },
    { REDIS_URL: `redis+cluster://user:/${SECRET}/redis:6379` },
    { REDIS_URL: `redis+sentinel://user:${SECRET}@sentinel:26379` },
    { REDIS_URL: `redis+sentinel://sentinel/main?password=${SECRET}` },
    { REDIS_URL: `redis+sentinel://sentinel/${SECRET}:x` },
    { FLUXWATCH_API_KEYS: SECRET, FLUXWATCH_PORT: 'x' },
  ])('nor in %o', (environment) => {
    expect(refusal(environment)).not.toContain(SECRET.slice(8, 15))
  })

  test('nor the password of a ClickHouse URL', () => {
    for (const url of [
      'http://me:verysecret@host:port',
      'ftp://me:verysecret@host',
      'http://me:verysecret@host/a/b',
    ]) {
      expect(refusal({ CLICKHOUSE_URL: url })).not.toContain('verysecret')
    }
  })

  test('not even when the file around them cannot be read', () => {
    const texts = [
      `FLUXWATCH_API_KEYS: "${SECRET}\n`,
      `FLUXWATCH_API_KEYS: [${SECRET}\n`,
      `{"a": ${SECRET}: x`,
    ]
    for (const text of [...texts, `FLUXWATCH_API_KEYS: {${SECRET}: 1}\n`, `a: b: ${SECRET}\n`]) {
      const sentence = refusal({ FLUXWATCH_CONFIG: file(text) })
      expect(sentence).not.toContain('verysecret')
    }
    expect(refusal({ FLUXWATCH_CONFIG: file('FLUXWATCH_PORT: "8080\n') })).toMatch(/at line \d+, column \d+/)
  })
})

test('Only addresses that other machines cannot reach are loopback', () => {
  for (const host of ['127.0.0.1', '127.8.9.10', '::1', 'localhost']) expect(isLoopbackHost(host)).toBe(true)
  for (const host of [
    '0.0.0.0',
    '::',
    '10.0.0.1',
    '127.example.com',
    '127.0.0.1.example.com',
    '1127.0.0.1',
  ]) {
    expect(isLoopbackHost(host)).toBe(false)
  }
})
