// The command itself, as a person starts it: boot, one service per data folder, bad settings, bad input beside a running
// scan, SIGTERM, and what is there after a restart.
import { mkdtemp, rm } from 'node:fs/promises'
import { request as httpRequest } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { request } from 'undici'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { systemClock } from '../../src/clock.ts'
import { startLab, type Lab } from '../../src/lab/start-lab.ts'
import { call, Command, killCommands, observedOf, roundsOf } from './serve-command.ts'

let directory: string
let lab: Lab

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'fw-serve-'))
  lab = await startLab({ seed: 5, clock: systemClock, directory })
})

afterAll(async () => {
  killCommands()
  await lab.close()
  await rm(directory, { recursive: true, force: true })
})

function start(parameters: readonly string[], settings: Readonly<Record<string, string>> = {}): Command {
  return new Command(parameters, {
    FLUXWATCH_DATA_DIR: join(directory, 'data'),
    FLUXWATCH_VANTAGES: JSON.stringify(lab.vantages),
    ...settings,
  })
}

async function untilRounds(url: string, domain: string, rounds: number): Promise<void> {
  const end = performance.now() + 60_000
  while ((await roundsOf(url, domain)) < rounds) {
    if (performance.now() > end) throw new Error(`${domain} has not had ${rounds} rounds within a minute`)
    await delay(200)
  }
}

/** Rounds of the host in history, without repetition, in order. */
async function roundsInHistory(url: string, domain: string): Promise<number[]> {
  const items = await observedOf(url, domain)
  return [...new Set(items.map((item) => item.round))]
}

it(
  'drains on SIGTERM and goes on after a restart with every domain, round and observation',
  { timeout: 150_000 },
  async () => {
    const fast = lab.world.zones.find((zone) => zone.class === 'one-address-ttl0-flux')!.host
    const silent = lab.world.zones.find((zone) => zone.class === 'timeout')!.host
    const first = start(['serve'])
    const url = await first.listening()
    const posted = await call(
      'POST',
      `${url}/v1/scans`,
      'application/json',
      JSON.stringify({ domains: [fast, silent], interval: 10 }),
    )
    expect(posted.status).toBe(202)
    await untilRounds(url, fast, 1)
    first.child.kill('SIGTERM')
    expect(await first.ended()).toBe(0)
    expect(first.said).toContain('draining')

    const second = start(['serve'])
    const again = await second.listening()
    const rounds = await roundsOf(again, fast)
    expect(rounds).toBeGreaterThanOrEqual(1)
    expect((await call('GET', `${again}/v1/scans/${posted.body['id']}`)).body['state']).toBe('running')
    await untilRounds(again, fast, rounds + 1)
    second.child.kill('SIGTERM')
    expect(await second.ended()).toBe(0)

    // After a drain, history has what the live state has: every round, none twice, none missing.
    const third = start(['serve'])
    const last = await third.listening()
    const kept = await roundsInHistory(last, fast)
    expect(kept).toEqual(Array.from({ length: kept.length }, (_, index) => index + 1))
    expect(kept.length).toBeGreaterThanOrEqual(rounds + 1)
    third.child.kill('SIGTERM')
    expect(await third.ended()).toBe(0)
  },
)

it(
  'refuses a second service on the same data folder with a sentence that names it',
  { timeout: 60_000 },
  async () => {
    const settings = { FLUXWATCH_DATA_DIR: join(directory, 'one-only') }
    const holder = start(['serve'], settings)
    await holder.listening()
    const second = start(['serve'], settings)
    expect(await second.ended()).toBe(2)
    expect(second.said).toContain(
      `(process ${holder.child.pid}) is running on the data folder ${settings.FLUXWATCH_DATA_DIR}`,
    )
    holder.child.kill('SIGTERM')
    expect(await holder.ended()).toBe(0)
  },
)

it('ends by itself, with a sentence, when its port is taken', { timeout: 60_000 }, async () => {
  const holder = start(['serve'], { FLUXWATCH_DATA_DIR: join(directory, 'port-holder') })
  const port = new URL(await holder.listening()).port
  const second = start(['serve'], {
    FLUXWATCH_DATA_DIR: join(directory, 'port-taken'),
    FLUXWATCH_PORT: port,
  })
  expect(await second.ended()).toBe(2)
  expect(second.said).toContain(`Port ${port} on 127.0.0.1 is taken`)
  holder.child.kill('SIGTERM')
  expect(await holder.ended()).toBe(0)
})

it(
  'drains although somebody is in the middle of an upload that never ends',
  { timeout: 60_000 },
  async () => {
    const service = start(['serve'], { FLUXWATCH_DATA_DIR: join(directory, 'endless') })
    const url = await service.listening()
    const endless = httpRequest(`${url}/v1/scans`, {
      method: 'POST',
      headers: { 'content-type': 'application/x-ndjson' },
    })
    endless.on('error', () => {})
    endless.write(`"${lab.world.zones[0]!.host}"\n`)
    const found = async () => (await request(`${url}/readyz`)).statusCode
    expect(await found()).toBe(200)
    service.child.kill('SIGTERM')
    expect(await service.ended()).toBe(0)
    expect(service.said).toContain('stopped')
    endless.destroy()
  },
)

it(
  'goes at once, with a failure for its supervisor, when its own Redis dies',
  { timeout: 60_000 },
  async () => {
    const service = start(['serve'], { FLUXWATCH_DATA_DIR: join(directory, 'redis-dies') })
    await service.listening()
    process.kill(service.redis(), 'SIGKILL')
    const before = performance.now()
    expect(await service.ended()).toBe(1)
    expect(performance.now() - before).toBeLessThan(15_000)
    expect(service.said).toContain('ended by itself')
  },
)

it('does not start on settings that cannot be right, and names each', { timeout: 60_000 }, async () => {
  const cases: [Record<string, string>, string[], string][] = [
    [{ FLUXWATCH_PORT: 'eighty' }, ['serve'], 'FLUXWATCH_PORT'],
    [{ FLUXWATCH_PROT: '80' }, ['serve'], 'FLUXWATCH_PROT is not a setting'],
    [
      { FLUXWATCH_VANTAGES: '[{"id":"x","protocol":"udp","server":"resolver.example"}]' },
      ['serve'],
      'FLUXWATCH_VANTAGES[0].server',
    ],
    [
      { FLUXWATCH_HOST: '0.0.0.0', FLUXWATCH_DATA_DIR: join(directory, 'exposed') },
      ['serve'],
      'FLUXWATCH_API_KEYS',
    ],
    [
      { FLUXWATCH_ASN_MMDB: '/nowhere/asn.mmdb', FLUXWATCH_DATA_DIR: join(directory, 'geo') },
      ['serve'],
      'FLUXWATCH_ASN_MMDB',
    ],
    [{}, ['worker'], 'REDIS_URL is not set'],
    [{ REDIS_URL: 'redis://:hidden@127.0.0.1:1' }, ['api'], 'Redis at 127.0.0.1:1 cannot be used'],
  ]
  for (const [settings, parameters, sentence] of cases) {
    const command = start(parameters, settings)
    expect(await command.ended()).toBe(2)
    expect(command.said).toContain(sentence)
    expect(command.said).not.toMatch(/\n\s+at |hidden/)
  }
})

it(
  'answers bad input with problem documents while a running scan goes on undisturbed',
  { timeout: 60_000 },
  async () => {
    const service = start(['serve'], { FLUXWATCH_DATA_DIR: join(directory, 'bad-input') })
    const url = await service.listening()
    const host = lab.world.zones.find((zone) => zone.class === 'one-address-ttl0-flux')!.host
    const scan = await call(
      'POST',
      `${url}/v1/scans`,
      'application/json',
      JSON.stringify({ domains: [host, 'a..b', '127.0.0.1'], interval: 10 }),
    )
    expect(scan.status).toBe(202)
    expect(scan.body['rejected']).toMatchObject([
      { index: 1, input: 'a..b', code: 'empty_label' },
      { index: 2, input: '127.0.0.1', code: 'ip_address' },
    ])
    await untilRounds(url, host, 1)
    const post = (body: string, type?: string) => call('POST', `${url}/v1/scans`, type, body)
    const expected: [Awaited<ReturnType<typeof call>>, number, string][] = [
      [await post(`{"domains":["${'x'.repeat(20 * 1024 * 1024)}"]}`), 413, 'FLUX_BODY_TOO_LARGE'],
      [await post('{"domains":['), 400, 'FLUX_BAD_REQUEST'],
      [await post('{"domains":"example.com"}'), 422, 'FLUX_INVALID'],
      [await post('{"domains":["example.com"],"colour":"red"}'), 422, 'FLUX_INVALID'],
      [await post('{"domains":["1.2.3.4"]}'), 422, 'FLUX_NO_VALID_DOMAIN'],
      [await post('<xml/>', 'application/xml'), 415, 'FLUX_UNSUPPORTED_MEDIA_TYPE'],
      [await call('GET', `${url}/v1/scans/scn_0`), 404, 'FLUX_SCAN_NOT_FOUND'],
      [await call('DELETE', `${url}/v1/scans/scn_0`), 404, 'FLUX_SCAN_NOT_FOUND'],
      [await call('GET', `${url}/v1/domains/never.example/verdict`), 404, 'FLUX_DOMAIN_NOT_FOUND'],
      [await call('GET', `${url}/v1/scans/${scan.body['id']}/verdicts?cursor=nonsense`), 422, 'FLUX_INVALID'],
    ]
    for (const [answer, status, code] of expected) {
      expect([answer.status, answer.body['code']]).toEqual([status, code])
      expect(answer.type).toContain('application/problem+json')
    }
    const rounds = await roundsOf(url, host)
    await untilRounds(url, host, rounds + 1)
    expect((await call('GET', `${url}/v1/scans/${scan.body['id']}`)).body['state']).toBe('running')
    service.child.kill('SIGTERM')
    expect(await service.ended()).toBe(0)
  },
)
