// A resolver that we did not write, over streams: many questions on few connections, TLS with our own authority, and DoH.
import { spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { StubResolver, type StubResolverOptions } from '../../src/dns/stub-resolver.ts'
import { CA, addressFor } from './stream-server.ts'

const UNBOUND = ['unbound', '/usr/sbin/unbound'].find((path) => spawnSync(path, ['-V']).status === 0)
const SPEAKS_DOH = UNBOUND !== undefined && String(spawnSync(UNBOUND, ['-V']).stdout).includes('nghttp2')
if (UNBOUND === undefined) process.stdout.write('unbound is not installed: its stream tests are skipped\n')
else if (!SPEAKS_DOH) process.stdout.write('this unbound is built without nghttp2: its DoH test is skipped\n')

const COUNT = 500

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return port
}

interface Ports {
  readonly tcp: number
  readonly dot: number
  readonly doh: number
}

function configuration(folder: string, { tcp, dot, doh }: Ports): string {
  const certificates = join(import.meta.dirname, 'certificates')
  const names = Array.from({ length: COUNT }, (_, index) => `n${index}.test`)
  return [
    'server:',
    ...[tcp, dot, ...(SPEAKS_DOH ? [doh] : [])].map((port) => `  interface: 127.0.0.1@${port}`),
    `  tls-port: ${dot}`,
    ...(SPEAKS_DOH ? [`  https-port: ${doh}`] : []),
    `  tls-service-key: "${join(certificates, 'server.key.pem')}"`,
    `  tls-service-pem: "${join(certificates, 'server.pem')}"`,
    `  directory: "${folder}"`,
    ...['chroot', 'username', 'pidfile', 'logfile'].map((name) => `  ${name}: ""`),
    ...['do-daemonize', 'use-syslog'].map((name) => `  ${name}: no`),
    '  edns-tcp-keepalive: yes',
    '  module-config: "iterator"',
    '  local-zone: "test." static',
    ...names.map((name) => `  local-data: "${name}. 60 IN A ${addressFor(name)}"`),
    'remote-control:',
    '  control-enable: no',
    '',
  ].join('\n')
}

describe.runIf(UNBOUND !== undefined)('unbound', () => {
  const folder = mkdtempSync(join(tmpdir(), 'fluxwatch-unbound-streams-'))
  let ports: Ports
  let unbound: ChildProcess

  beforeAll(async () => {
    ports = { tcp: await freePort(), dot: await freePort(), doh: await freePort() }
    const file = join(folder, 'unbound.conf')
    writeFileSync(file, configuration(folder, ports))
    unbound = spawn(UNBOUND ?? '', ['-d', '-c', file], { stdio: ['ignore', 'ignore', 'pipe'] })
    let log = ''
    for await (const chunk of unbound.stderr!) {
      log += String(chunk)
      if (log.includes('start of service')) break
    }
    expect(log).toContain('start of service')
  })

  afterAll(async () => {
    if (unbound.exitCode === null && unbound.kill()) await once(unbound, 'exit')
    rmSync(folder, { recursive: true })
  })

  async function askAll(options: StubResolverOptions): Promise<void> {
    const resolver = new StubResolver({ ...options, timeoutsMs: [20_000] })
    try {
      const names = Array.from({ length: COUNT }, (_, index) => `n${index}.test`)
      const replies = await Promise.all(names.map(async (name) => resolver.ask({ name, type: 'A' })))
      expect(replies.map((reply) => reply.answer[0]?.data)).toEqual(names.map((name) => addressFor(name)))
      expect(new Set(replies.map((reply) => reply.transport))).toEqual(new Set([options.protocol]))
      expect(await resolver.ask({ name: 'none.test', type: 'A' })).toMatchObject({ outcome: 'nxdomain' })
      expect(resolver.counters).toMatchObject({ mismatched: 0, late: 0, retried: 0 })
      expect(resolver.lastError).toBeNull()
    } finally {
      await resolver.close()
    }
  }

  test('answers 500 questions over pipelined TCP', async () => {
    await askAll({ protocol: 'tcp', server: { address: '127.0.0.1', port: ports.tcp } })
  })

  test.each(['dns.test', null])('answers 500 questions over DoT, verified for %s', async (serverName) => {
    const server = { address: '127.0.0.1', port: ports.dot }
    await askAll({ protocol: 'dot', server, tls: { serverName, ca: CA } })
  })

  test.runIf(SPEAKS_DOH).each(['POST', 'GET'] as const)(
    'answers 500 questions over DoH by %s',
    async (method) => {
      const url = `https://dns.test:${ports.doh}/dns-query`
      await askAll({ protocol: 'doh', url, address: '127.0.0.1', ca: CA, method })
    },
  )
})
