// Vantages that change while `serve` runs, by the file that it was started with.
import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { systemClock } from '../../src/clock.ts'
import { startLab, type Lab, type LabVantage } from '../../src/lab/start-lab.ts'
import {
  checksOf,
  Command,
  killCommands,
  metricOf,
  observedOf,
  roundsOf,
  submit,
  until,
} from './serve-command.ts'

let directory: string
let lab: Lab
let eu: LabVantage
let us: LabVantage
let asia: LabVantage

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'fw-vantages-'))
  lab = await startLab({ seed: 9, clock: systemClock, directory })
  ;[eu, us, asia] = lab.vantages as [LabVantage, LabVantage, LabVantage]
})

afterAll(async () => {
  killCommands()
  await lab.close()
  await rm(directory, { recursive: true, force: true })
})

/** Puts a new file in the place of the old one, as editors do. */
async function write(path: string, vantages: unknown): Promise<void> {
  await writeFile(`${path}.new`, JSON.stringify({ FLUXWATCH_VANTAGES: vantages }))
  await rename(`${path}.new`, path)
}

async function vantagesOf(url: string): Promise<string> {
  const names = [...(await checksOf(url)).keys()].filter((name) => name.startsWith('vantage '))
  return names.map((name) => name.slice('vantage '.length)).join()
}

/** Who was asked in the latest round of which history knows. */
async function askedLately(url: string, domain: string): Promise<string> {
  const seen = await observedOf(url, domain)
  const last = seen.at(-1)?.round
  const vantages = seen.filter(({ round }) => round === last).map(({ vantage }) => vantage)
  return vantages.toSorted().join()
}

describe.concurrent.each([{ workers: '2' }, { workers: '0' }])(
  'serve with $workers workers',
  ({ workers }) => {
    const start = (path: string, settings: Readonly<Record<string, string>> = {}) =>
      new Command(['serve'], {
        FLUXWATCH_CONFIG: path,
        FLUXWATCH_DATA_DIR: path.replace(/\.json$/, ''),
        FLUXWATCH_WORKERS: workers,
        ...settings,
      })
    const fileFor = async (name: string): Promise<string> => {
      await mkdir(join(directory, workers), { recursive: true })
      return join(directory, workers, `${name}.json`)
    }

    it(
      'asks who is added, asks no more who is removed, and loses no round',
      { timeout: 300_000 },
      async () => {
        const path = await fileFor('changing')
        await write(path, [eu, us])
        const service = start(path)
        const url = await service.listening()
        const host = lab.world.zones.find((zone) => zone.class === 'one-address-ttl0-flux')!.host
        const silent = lab.world.zones.find((zone) => zone.class === 'timeout')!.host
        await submit(url, [host, silent])
        await until('a round', 60_000, async () => (await roundsOf(url, host)) > 0)
        expect(await vantagesOf(url)).toBe(`${eu.id},${us.id}`)
        const euAsked = `fluxwatch_vantage_questions{vantage="${eu.id}",outcome="asked"}`
        const asked = (await metricOf(url, euAsked))!
        expect(asked).toBeGreaterThan(0)

        await write(path, [eu, us, asia])
        await until(
          'the third is there',
          60_000,
          async () => (await vantagesOf(url)) === `${eu.id},${us.id},${asia.id}`,
        )
        // Who was there before goes on counting.
        expect(await metricOf(url, euAsked)).toBeGreaterThanOrEqual(asked)
        const three = [eu, us, asia]
          .map(({ id }) => id)
          .toSorted()
          .join()
        await until('a round through all three', 60_000, async () => (await askedLately(url, host)) === three)

        await write(path, [us, asia])
        await until(
          'the first is gone',
          60_000,
          async () => (await vantagesOf(url)) === `${us.id},${asia.id}`,
        )
        const two = [us, asia]
          .map(({ id }) => id)
          .toSorted()
          .join()
        await until('a round through the two', 60_000, async () => (await askedLately(url, host)) === two)
        expect(await metricOf(url, euAsked)).toBeNull()

        // Rounds that were under way at a change are whole: the silent name's last for seconds.
        await until('rounds of the silent name', 60_000, async () => (await roundsOf(url, silent)) > 1)
        service.child.kill('SIGTERM')
        expect(await service.ended()).toBe(0)
        const again = start(path)
        const next = await again.listening()
        const seen = await observedOf(next, host)
        const rounds = [...new Set(seen.map(({ round }) => round))]
        expect(rounds).toEqual(Array.from({ length: rounds.length }, (_, index) => index + 1))
        again.child.kill('SIGTERM')
        expect(await again.ended()).toBe(0)
      },
    )

    it(
      'refuses what cannot be, says so in its log, and reads the file at once on SIGHUP',
      { timeout: 120_000 },
      async () => {
        const path = await fileFor('refused')
        await write(path, [eu])
        const service = start(path)
        const url = await service.listening()
        await write(path, [us, { ...asia, server: 'resolver.example' }])
        service.child.kill('SIGHUP')
        await until('the refusal', 30_000, () =>
          service.logged.includes('the changed configuration is refused; the vantages stay as they are'),
        )
        expect(service.logged).toContain('FLUXWATCH_VANTAGES[1].server')
        expect(await vantagesOf(url)).toBe(eu.id)
        await write(path, [us])
        service.child.kill('SIGHUP')
        await until('the change', 30_000, async () => (await vantagesOf(url)) === us.id)
        service.child.kill('SIGTERM')
        expect(await service.ended()).toBe(0)
        expect(service.said).toContain('SIGTERM: draining')
      },
    )

    it('asks those of the environment whatever the file says', { timeout: 120_000 }, async () => {
      const path = await fileFor('environment')
      await write(path, [eu])
      const service = start(path, { FLUXWATCH_VANTAGES: JSON.stringify([asia]) })
      const url = await service.listening()
      const host = lab.world.zones[0]!.host
      await write(path, [us])
      service.child.kill('SIGHUP')
      await submit(url, [host])
      await until('a round', 60_000, async () => (await askedLately(url, host)) !== '')
      expect(await askedLately(url, host)).toBe(asia.id)
      service.child.kill('SIGTERM')
      expect(await service.ended()).toBe(0)
    })
  },
)

describe.concurrent('a worker that is killed after the vantages have changed', () => {
  it('comes back with those in force', { timeout: 180_000 }, async () => {
    const path = join(directory, 'restarted.json')
    await write(path, [eu])
    const service = new Command(['serve'], {
      FLUXWATCH_CONFIG: path,
      FLUXWATCH_DATA_DIR: join(directory, 'restarted'),
      FLUXWATCH_WORKERS: '1',
    })
    const url = await service.listening()
    await write(path, [us])
    await until('the change', 60_000, async () => (await vantagesOf(url)) === us.id)
    process.kill(service.workers().get('serve-1')!, 'SIGKILL')
    await until('it is missed', 30_000, async () => (await vantagesOf(url)) === '')
    await until('it is back', 60_000, async () => (await vantagesOf(url)) !== '')
    expect(await vantagesOf(url)).toBe(us.id)
    service.child.kill('SIGTERM')
    expect(await service.ended()).toBe(0)
  })
})
