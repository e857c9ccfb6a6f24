// The commands that a person or a script runs: what they print and which exit code they leave.
import { createHash } from 'node:crypto'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { systemClock } from '../../src/clock.ts'
import { startLab, type Lab } from '../../src/lab/start-lab.ts'

const MAIN = join(import.meta.dirname, '../../src/cli/main.ts')

let directory: string
let lab: Lab

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'fw-commands-'))
  lab = await startLab({ seed: 11, clock: systemClock, directory })
})

afterAll(async () => {
  await lab.close()
  await rm(directory, { recursive: true, force: true })
})

async function run(
  parameters: readonly string[],
  input = '',
  settings: Readonly<Record<string, string>> = {},
) {
  const child = spawn(process.execPath, [MAIN, ...parameters], {
    env: {
      PATH: process.env['PATH'],
      FLUXWATCH_DATA_DIR: join(directory, 'data'),
      FLUXWATCH_VANTAGES: JSON.stringify(lab.vantages),
      FLUXWATCH_ASN_MMDB: lab.asnMmdb,
      FLUXWATCH_COUNTRY_MMDB: lab.countryMmdb,
      FLUXWATCH_MIN_INTERVAL: '5',
      ...settings,
    },
  })
  let printed = ''
  let said = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => (printed += text))
  child.stderr.setEncoding('utf8').on('data', (text: string) => (said += text))
  child.stdin.end(input)
  const [code] = (await once(child, 'close')) as [number]
  return { code, printed, said }
}

function hostOf(name: string): string {
  return lab.world.zones.find((zone) => zone.class === name)!.host
}

describe.concurrent('check', () => {
  it('leaves 1 and prints the reasons when a name fluxes', { timeout: 200_000 }, async () => {
    const { code, printed } = await run(['check', hostOf('one-address-ttl0-flux'), '--for', '3m'])
    expect(printed).toContain(`${hostOf('one-address-ttl0-flux')}: flux (single), score 0.9`)
    expect(printed).toContain('network operators')
    expect(code).toBe(1)
  })

  it('leaves 3 when its time is up before anything is decided, after a last look at the end', async () => {
    const { code, printed, said } = await run(['check', hostOf('static'), '--for', '6s', '--json'])
    const verdict = JSON.parse(printed) as {
      verdict: string
      rounds: number
      observed_for_s: number
      notes: string[]
    }
    expect(verdict).toMatchObject({ verdict: 'pending', observed_for_s: 6 })
    expect(said).toContain('Not decided before enough was seen')
    expect(code).toBe(3)
  })

  it('leaves 3 and says so when no vantage can be reached', async () => {
    const nobody = JSON.stringify([{ id: 'nobody', protocol: 'udp', server: '127.0.0.1:9', timeoutMs: 200 }])
    const { code, said } = await run(['check', hostOf('static'), '--for', '3s'], '', {
      FLUXWATCH_VANTAGES: nobody,
    })
    expect(said).toContain('No vantage could be reached')
    expect(code).toBe(3)
  })

  it('leaves 2, with a sentence, for what cannot be watched and for wrong usage', async () => {
    const cases: [string[], string][] = [
      [['check', '127.0.0.1'], 'ip_address'],
      [['check'], 'missing required argument'],
      [['check', '--for', '5x', 'a.example'], 'Say it like 90s, 10m or 2h.'],
      [['chekc'], "unknown command 'chekc'"],
    ]
    for (const [parameters, sentence] of cases) {
      const { code, said } = await run(parameters)
      expect([parameters, code]).toEqual([parameters, 2])
      expect(said).toContain(sentence)
    }
  })
})

describe.concurrent('assess', () => {
  const response = (at: string, data: string) =>
    JSON.stringify({
      domain: 'a.example',
      at,
      vantage: 'v',
      qname: 'a.example',
      qtype: 'A',
      rcode: 'NOERROR',
      answer: [{ name: 'a.example', type: 'A', ttl: 60, data }],
      authority: [],
      additional: [],
    })

  it('prints one final line a domain, and leaves 2 when a line could not be read', async () => {
    const enrichment = join(directory, 'enrichment.csv')
    await writeFile(enrichment, 'ip,asn,country\n61.1.1.1,64500,DE\n')
    const lines = [
      response('2026-01-01T00:00:00Z', '61.1.1.1'),
      'no json',
      response('2026-01-01T00:05:00Z', '61.1.1.1'),
    ]
    const { code, printed, said } = await run(['assess', '--enrichment', enrichment], `${lines.join('\n')}\n`)
    expect(JSON.parse(printed)).toMatchObject({
      domain: 'a.example',
      verdict: 'pending',
      flux_type: null,
      responses: 2,
      flagged_after: null,
      panel: expect.arrayContaining([expect.objectContaining({ detector: 'holz-2008' })]),
    })
    expect(said).toContain('line 2: not JSON')
    expect(code).toBe(2)
  })

  it('names the enrichment file that cannot be read', async () => {
    const { code, said } = await run(['assess', '--enrichment', '/nowhere.csv'])
    expect(said).toContain('--enrichment /nowhere.csv')
    expect(code).toBe(2)
  })
})

describe.concurrent('keys create', () => {
  it('prints a key once, and its digest for the service', async () => {
    const { code, printed } = await run(['keys', 'create'])
    const key = /fw_live_\S+/.exec(printed)![0]
    expect(printed).toContain(`sha256:${createHash('sha256').update(key).digest('hex')}`)
    expect(code).toBe(0)
  })
})
