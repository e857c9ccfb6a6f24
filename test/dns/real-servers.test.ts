import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { ADDRESS } from '../../bench/local-server.ts'
import { systemClock } from '../../src/clock.ts'
import { openBatchedPorts } from '../../src/dns/batched/open-batched-ports.ts'
import type { DatagramPorts } from '../../src/dns/datagram-port.ts'
import { openVantages } from '../../src/dns/open-vantages.ts'
import { PlainPorts } from '../../src/dns/plain-ports.ts'
import { Prober } from '../../src/dns/prober.ts'
import { parseVantageConfigs } from '../../src/dns/vantage-config.ts'
import { batchedMissing } from './support-engines.ts'
import {
  CA_FILE,
  REAL_SERVERS,
  startRealServer,
  type RealServer,
  type RunningServer,
  type Spoken,
} from './support-real-servers.ts'
import { QUESTIONS, RIGHT } from './support-real-zone.ts'

// Servers that we did not write must understand us, and we them: one zone, one set of expectations, every server that is
// installed, every transport that it speaks.

interface Way {
  readonly title: string
  readonly spoken: Spoken
  readonly engine: 'plain' | 'batched'
  vantage(ports: RunningServer['ports']): Record<string, unknown>
}

const server = (port: number): string => `${ADDRESS}:${port}`
const doh = (method: string) => (ports: RunningServer['ports']) => ({
  protocol: 'doh',
  url: `https://${server(ports.doh)}/dns-query`,
  method,
  caFile: CA_FILE,
})

const WAYS: readonly Way[] = [
  {
    title: 'UDP',
    spoken: 'plain',
    engine: 'plain',
    vantage: ({ plain }) => ({ protocol: 'udp', server: server(plain) }),
  },
  {
    title: 'UDP with a client subnet',
    spoken: 'plain',
    engine: 'plain',
    vantage: ({ plain }) => ({ protocol: 'udp', server: server(plain), ecs: '203.0.113.0/24' }),
  },
  {
    title: `UDP, accelerated${batchedMissing === null ? '' : ` (skipped: ${batchedMissing})`}`,
    spoken: 'plain',
    engine: 'batched',
    vantage: ({ plain }) => ({ protocol: 'udp', server: server(plain) }),
  },
  {
    title: 'TCP',
    spoken: 'plain',
    engine: 'plain',
    vantage: ({ plain }) => ({ protocol: 'tcp', server: server(plain) }),
  },
  {
    title: 'DoT, by name',
    spoken: 'dot',
    engine: 'plain',
    vantage: ({ dot }) => ({ protocol: 'dot', server: server(dot), tlsName: 'dns.test', caFile: CA_FILE }),
  },
  {
    title: 'DoT, by address',
    spoken: 'dot',
    engine: 'plain',
    vantage: ({ dot }) => ({ protocol: 'dot', server: server(dot), caFile: CA_FILE }),
  },
  { title: 'DoH, POST', spoken: 'doh', engine: 'plain', vantage: doh('POST') },
  { title: 'DoH, GET', spoken: 'doh', engine: 'plain', vantage: doh('GET') },
]

const AUTHORITY = REAL_SERVERS.find(({ role, program }) => role === 'authority' && program !== null)

/** Why a server cannot be asked here; null when it can. */
function missing({ program, needsAuthority }: RealServer): string | null {
  if (program === null) return 'not installed'
  return needsAuthority && !AUTHORITY ? 'needs an authority, and none is installed' : null
}

const open: { close(): Promise<void> }[] = []
afterEach(async () => {
  for (const one of open.splice(0)) await one.close()
})

async function openEngine(engine: Way['engine']): Promise<DatagramPorts> {
  if (engine === 'plain') return new PlainPorts()
  const ports = await openBatchedPorts()
  if ('unavailable' in ports) throw new Error(ports.unavailable)
  return ports
}

for (const real of REAL_SERVERS) {
  const reason = missing(real)
  const version = real.program?.version ?? ''
  const title = `against ${real.name} ${version}${reason === null ? '' : `(skipped: ${reason})`}`
  describe.skipIf(reason !== null)(title, () => {
    const folders: string[] = []
    const servers: RunningServer[] = []
    let running: RunningServer

    async function start(one: RealServer, authorityPort: number | null): Promise<RunningServer> {
      const folder = mkdtempSync(join(tmpdir(), 'fluxwatch-real-'))
      folders.push(folder)
      const started = await startRealServer(one, folder, authorityPort)
      servers.unshift(started)
      return started
    }

    beforeAll(async () => {
      const authority = real.needsAuthority && AUTHORITY ? await start(AUTHORITY, null) : null
      running = await start(real, authority?.ports.plain ?? null)
    })

    afterAll(async () => {
      for (const one of servers) await one.close()
      for (const folder of folders) rmSync(folder, { recursive: true, force: true })
    })

    const ways = WAYS.filter(({ spoken }) => real.speaks.includes(spoken))
    describe.each(ways)('over $title', ({ spoken, engine, vantage: entryOf }) => {
      test.skipIf(engine === 'batched' && batchedMissing !== null)('every answer is the zone’s', async () => {
        const ports = await openEngine(engine)
        const retries = real.retries?.[spoken]
        const patient = { qps: 10_000, jitterMs: 0, timeoutMs: 5_000, ...retries }
        const [vantage] = openVantages(
          parseVantageConfigs([{ id: 'real', ...patient, ...entryOf(running.ports) }]),
          { ports },
        )
        open.push(vantage!, ports)
        const prober = new Prober({ vantages: [vantage!], clock: systemClock })
        const seen = await prober.probe(QUESTIONS)
        const told = seen.map(({ outcome, failure, answer }) => {
          const data = answer.map((record) => `${record.type} ${record.data}`)
          return `${failure ?? outcome} ${data.toSorted().join(', ')}`.trim()
        })
        expect(told).toEqual(RIGHT)
        const asked = QUESTIONS.length
        const status = vantage!.status()
        expect(status).toMatchObject({ asked, answered: asked, mismatched: 0 })
        expect(status.truncated).toBe(status.protocol === 'udp' ? 1 : 0)
        if (retries === undefined) expect(status.retried).toBe(0)
        if (real.role === 'authority') expect(seen.every((one) => one.authoritative)).toBe(true)
      })
    })
  })
}
