// `serve` with worker processes: they share the work, and any of them, or their parent, may die at any time. Processes,
// Redis, SQLite, UDP and HTTP are real.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { systemClock } from '../../src/clock.ts'
import { startLab, type Lab } from '../../src/lab/start-lab.ts'
import {
  checksOf,
  Command,
  killCommands,
  lives,
  metricOf,
  observedOf,
  roundsOfScan,
  submit,
  until,
} from './serve-command.ts'

const COMMITTED = 'fluxwatch_probe_rounds_total{result="committed"}'

let directory: string
let lab: Lab

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'fw-workers-'))
  lab = await startLab({ seed: 7, clock: systemClock, directory })
})

afterAll(async () => {
  killCommands()
  await lab.close()
  await rm(directory, { recursive: true, force: true })
})

function start(folder: string, settings: Readonly<Record<string, string>> = {}): Command {
  return new Command(
    ['serve'],
    {
      FLUXWATCH_DATA_DIR: join(directory, folder),
      FLUXWATCH_VANTAGES: JSON.stringify(lab.vantages),
      FLUXWATCH_WORKERS: '2',
      ...settings,
    },
    true,
  )
}

/** Names that do not exist: quick rounds. */
function quick(count: number): string[] {
  return Array.from({ length: count }, (_, index) => `name${index}.no-such-name.example`)
}

/** Names whose servers say nothing: rounds of several seconds. */
function slow(count: number): string[] {
  const silent = lab.world.zones.find((zone) => zone.class === 'timeout')!
  return Array.from({ length: count }, (_, index) => `name${index}.${silent.apex}`)
}

function flickering(): string {
  return lab.world.zones.find((zone) => zone.class === 'one-address-ttl0-flux')!.host
}

async function total(url: string, scan: string): Promise<number> {
  return [...(await roundsOfScan(url, scan)).values()].reduce((sum, rounds) => sum + rounds, 0)
}

/** Each of them has at least so many rounds. */
async function haveRounds(url: string, scan: string, rounds: number): Promise<boolean> {
  return [...(await roundsOfScan(url, scan)).values()].every((had) => had >= rounds)
}

async function untilUnderWay(url: string): Promise<void> {
  const line = `fluxwatch_vantage_in_flight{vantage="${lab.vantages[0]!.id}"}`
  await until('rounds under way', 60_000, async () => ((await metricOf(url, line)) ?? 0) > 0)
}

async function workersUp(url: string): Promise<string> {
  return (await checksOf(url)).get('workers')!.detail
}

async function stop(service: Command, pids: readonly number[]): Promise<void> {
  service.child.kill('SIGTERM')
  expect(await service.ended()).toBe(0)
  expect(pids.filter(lives)).toEqual([])
}

describe.concurrent('serve with two worker processes', () => {
  it('has either of them work off the rounds, and shows what both count', { timeout: 240_000 }, async () => {
    const service = start('shared')
    const url = await service.listening()
    const pids = [...service.workers().values()]
    expect(pids).toHaveLength(2)
    expect(await workersUp(url)).toBe('2 of 2 worker processes are up')
    const scan = await submit(url, quick(60))
    await until('every name probed', 60_000, () => haveRounds(url, scan, 1))
    for (const pid of pids) {
      // While one stands still, the other goes on alone.
      process.kill(pid, 'SIGSTOP')
      const before = await total(url, scan)
      await until('rounds of the other', 60_000, async () => (await total(url, scan)) >= before + 60)
      process.kill(pid, 'SIGCONT')
    }
    // No single process has seen so many.
    const probed = await total(url, scan)
    expect(await metricOf(url, COMMITTED)).toBeGreaterThanOrEqual(probed)
    expect([...(await checksOf(url)).keys()].filter((name) => name.startsWith('vantage'))).toEqual(
      lab.vantages.map(({ id }) => `vantage ${id}`),
    )
    await stop(service, pids)
  })

  it('takes over the work of one that is killed, and starts it again', { timeout: 240_000 }, async () => {
    const service = start('killed')
    const url = await service.listening()
    const before = service.workers()
    const scan = await submit(url, [flickering(), ...quick(20), ...slow(20)])
    await until('a first round', 60_000, async () => (await total(url, scan)) > 0)
    process.kill(before.get('serve-1')!, 'SIGKILL')
    await until('it is missed', 30_000, async () => (await workersUp(url)).startsWith('1 of 2'))
    const counted = (await metricOf(url, COMMITTED)) ?? 0
    await until('it is back', 60_000, async () => (await workersUp(url)).startsWith('2 of 2'))
    expect(service.logged).toContain('worker is gone: it ended with SIGKILL')
    expect(service.logged).toContain('"worker":"serve-1"')
    expect(service.workers().get('serve-1')).not.toBe(before.get('serve-1'))
    expect(service.workers().get('serve-2')).toBe(before.get('serve-2'))
    // What it had claimed comes back with its lease, a minute later.
    await until('every name probed', 120_000, () => haveRounds(url, scan, 1))
    expect(await metricOf(url, COMMITTED)).toBeGreaterThanOrEqual(counted)
    await stop(service, [...service.workers().values()])

    // Its pending entries were its own again: history has every round once.
    const again = start('killed')
    const last = await again.listening()
    const rounds = [...new Set((await observedOf(last, flickering())).map(({ round }) => round))]
    expect(rounds).toEqual(Array.from({ length: rounds.length }, (_, index) => index + 1))
    expect(rounds.length).toBeGreaterThanOrEqual((await roundsOfScan(last, scan)).get(flickering())! - 1)
    await stop(again, [...again.workers().values()])
  })

  it(
    'leaves no process behind when it is killed itself, and goes on after a restart',
    { timeout: 240_000 },
    async () => {
      const service = start('orphans')
      const url = await service.listening()
      const scan = await submit(url, [...quick(20), ...slow(10)])
      await until('a first round', 60_000, async () => (await total(url, scan)) > 0)
      const pids = [...service.workers().values(), service.redis()]
      expect(pids.filter(lives)).toHaveLength(3)
      service.child.kill('SIGKILL')
      await until('nobody is left', 30_000, () => !pids.some(lives))

      const again = start('orphans')
      const next = await again.listening()
      expect((await roundsOfScan(next, scan)).size).toBe(30)
      const had = await roundsOfScan(next, scan)
      await until('every name probed again', 120_000, async () => {
        const has = await roundsOfScan(next, scan)
        return [...had].every(([domain, rounds]) => has.get(domain)! > rounds)
      })
      await stop(again, [...again.workers().values()])
    },
  )

  it('drains in all processes when Ctrl-C reaches the whole group', { timeout: 180_000 }, async () => {
    const service = start('interrupted')
    const url = await service.listening()
    const pids = [...service.workers().values(), service.redis()]
    const names = [flickering(), ...slow(5)]
    const scan = await submit(url, names)
    await until('a first round', 60_000, async () => (await total(url, scan)) > 0)
    await untilUnderWay(url)
    process.kill(-service.child.pid!, 'SIGINT')
    expect(await service.ended()).toBe(0)
    expect(service.said).toContain('stopped; nothing that was accepted is lost')
    expect(service.logged).not.toContain('by force')
    expect(service.logged).not.toContain('worker is gone')
    expect(pids.filter(lives)).toEqual([])

    // The silent names' rounds, seconds long, were committed before anybody ended, and history has them.
    const again = start('interrupted')
    const next = await again.listening()
    const silent = await observedOf(next, names[1]!)
    expect(silent.length).toBeGreaterThan(0)
    await stop(again, [...again.workers().values()])
  })

  it('drains too when a supervisor tells every process at once', { timeout: 120_000 }, async () => {
    const service = start('supervised')
    const url = await service.listening()
    const scan = await submit(url, slow(5))
    await untilUnderWay(url)
    const pids = [...service.workers().values()]
    for (const pid of [...pids, service.child.pid!, ...pids]) process.kill(pid, 'SIGTERM')
    expect(await service.ended()).toBe(0)
    expect(service.logged).not.toContain('by force')
    expect(pids.filter(lives)).toEqual([])
    const again = start('supervised')
    await until('the rounds are there', 30_000, async () => haveRounds(await again.listening(), scan, 1))
    await stop(again, [...again.workers().values()])
  })

  it('does not start where a worker cannot, and says why in one sentence', { timeout: 120_000 }, async () => {
    const vantage = { id: 'private', protocol: 'dot', server: '127.0.0.1', caFile: '/nowhere/ca.pem' }
    const service = start('bad', { FLUXWATCH_VANTAGES: JSON.stringify([vantage]) })
    expect(await service.ended()).toBe(2)
    expect(service.said).toContain('FLUXWATCH_VANTAGES: vantage private: caFile: ENOENT')
    expect(service.said).not.toMatch(/\n\s+at /)
  })
})

describe.concurrent('serve without worker processes', () => {
  it('probes in its own process, as FLUXWATCH_WORKERS=0 says', { timeout: 120_000 }, async () => {
    const service = start('alone', { FLUXWATCH_WORKERS: '0' })
    const url = await service.listening()
    expect(() => service.workers()).toThrow('pgrep')
    expect((await checksOf(url)).has('workers')).toBe(false)
    const scan = await submit(url, quick(5))
    await until('every name probed', 60_000, () => haveRounds(url, scan, 1))
    await stop(service, [])
  })
})

describe.concurrent('serve on a slow vantage', () => {
  it('starts no more workers than the vantage has questions a second', { timeout: 120_000 }, async () => {
    const vantages = lab.vantages.map((vantage) => ({ ...vantage, qps: 1 }))
    const service = start('slow', { FLUXWATCH_VANTAGES: JSON.stringify(vantages) })
    const url = await service.listening()
    expect(await workersUp(url)).toBe('1 of 1 worker processes are up')
    await stop(service, [...service.workers().values()])
  })
})
