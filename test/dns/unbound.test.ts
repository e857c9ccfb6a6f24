import { spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Prober } from '../../src/dns/prober.ts'
import { openVantages } from '../../src/dns/open-vantages.ts'
import type { Vantage } from '../../src/dns/vantage.ts'
import { LoopbackServer, silent } from './loopback-server.ts'

// A resolver that we did not write, with a zone of its own and no network: it must understand us, and we it.

const UNBOUND = ['unbound', '/usr/sbin/unbound'].find((path) => spawnSync(path, ['-V']).status === 0)
const MANY = Array.from({ length: 120 }, (_, index) => `2001:db8::${(index + 1).toString(16)}`)

function configuration(folder: string, port: number): string {
  const records = [
    'test. 60 IN SOA ns.test. admin.test. 1 2 3 4 5',
    'test. 60 IN NS ns.test.',
    'www.test. 60 IN A 192.0.2.1',
    'www.test. 60 IN A 192.0.2.2',
    'ali.test. 60 IN CNAME www.elsewhere.test.',
    ...MANY.map((address) => `many.test. 60 IN AAAA ${address}`),
  ]
  return [
    'server:',
    `  interface: 127.0.0.1@${port}`,
    `  directory: "${folder}"`,
    ...['chroot', 'username', 'pidfile', 'logfile'].map((name) => `  ${name}: ""`),
    ...['do-daemonize', 'use-syslog'].map((name) => `  ${name}: no`),
    '  module-config: "iterator"',
    '  local-zone: "test." static',
    ...records.map((record) => `  local-data: "${record}"`),
    'remote-control:',
    '  control-enable: no',
    '',
  ].join('\n')
}

describe.runIf(UNBOUND !== undefined)('against unbound', () => {
  const folder = mkdtempSync(join(tmpdir(), 'fluxwatch-unbound-'))
  let unbound: ChildProcess
  let vantages: Vantage[] = []

  beforeAll(async () => {
    // A port that was free for UDP and TCP a moment ago.
    const free = await LoopbackServer.start(silent)
    await free.close()
    writeFileSync(join(folder, 'unbound.conf'), configuration(folder, free.server.port))
    unbound = spawn(UNBOUND ?? '', ['-d', '-c', join(folder, 'unbound.conf')], {
      stdio: ['ignore', 'ignore', 'pipe'],
    })
    let log = ''
    for await (const chunk of unbound.stderr!) {
      log += String(chunk)
      if (log.includes('start of service')) break
    }
    expect(log).toContain('start of service')
    vantages = openVantages([
      { id: 'udp', protocol: 'udp', server: free.text, ecs: '203.0.113.0/24' },
      { id: 'tcp', protocol: 'tcp', server: free.text },
    ])
  })

  afterAll(async () => {
    for (const vantage of vantages) await vantage.close()
    if (unbound.exitCode === null && unbound.kill()) await once(unbound, 'exit')
    rmSync(folder, { recursive: true })
  })

  test('both transports bring the same observations, and none of its packets is mistaken', async () => {
    const prober = new Prober({ vantages, clock: { now: () => 0, sleep: async () => {} } })
    const seen = await prober.probe([
      { name: 'www.test', type: 'A' },
      { name: 'many.test', type: 'AAAA' },
      { name: 'none.test', type: 'A' },
      { name: 'www.test', type: 'NS' },
      { name: 'test', type: 'SOA' },
      { name: 'ali.test', type: 'CNAME' },
    ])
    const told = (vantage: string): string[] =>
      seen
        .filter((one) => one.vantage === vantage)
        .map((one) => {
          const data = one.answer.map((record) => `${record.type} ${record.data}`)
          return `${one.qname} ${one.outcome} ${data.toSorted().join(', ')}`.trim()
        })
    expect(told('udp')).toEqual([
      'www.test answer A 192.0.2.1, A 192.0.2.2',
      `many.test answer ${MANY.map((address) => `AAAA ${address}`)
        .toSorted()
        .join(', ')}`,
      'none.test nxdomain',
      'www.test nodata',
      'test answer SOA ns.test admin.test 1 2 3 4 5',
      'ali.test answer CNAME www.elsewhere.test',
    ])
    expect(told('tcp')).toEqual(told('udp'))
    for (const vantage of vantages)
      expect(vantage.status()).toMatchObject({ asked: 6, answered: 6, mismatched: 0 })
  })
})
