// A configuration file that changes under a running service. No service here: only what is taken from the file, and when.
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { readConfig } from '../../src/config.ts'
import type { VantageConfig } from '../../src/dns/vantage-config.ts'
import { vantageConfigs } from '../../src/wiring/settings.ts'
import { VantageReload, type VantageChanges } from '../../src/wiring/vantage-reload.ts'

const NEAR: VantageConfig = { id: 'near', protocol: 'udp', server: '127.0.0.1:5301' }
const FAR: VantageConfig = { id: 'far', protocol: 'udp', server: '127.0.0.1:5302' }

let directory: string
let path: string
let applied: (readonly VantageConfig[])[]
let refused: string[]
let changes: VantageChanges[]

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'fw-reload-'))
  path = join(directory, 'fluxwatch.yaml')
  applied = []
  refused = []
  changes = []
})
afterEach(() => rm(directory, { recursive: true, force: true }))

const write = (vantages: unknown, more = '') =>
  writeFile(path, `FLUXWATCH_VANTAGES: ${JSON.stringify(vantages)}\n${more}`)

async function startedWith(
  vantages: readonly VantageConfig[],
  environment: NodeJS.ProcessEnv = {},
  apply: (configs: readonly VantageConfig[]) => void = (configs) => applied.push(configs),
): Promise<VantageReload> {
  await write(vantages)
  const read = () => readConfig({ FLUXWATCH_CONFIG: path, ...environment }).vantages
  const reload = new VantageReload(vantageConfigs({ vantages: read() }), {
    path,
    read,
    apply,
    log: {
      changed: (what) => changes.push(what),
      refused: (error) => refused.push((error as Error).message),
    },
  })
  await reload.look()
  await reload.look()
  return reload
}

describe('The vantages of a file', () => {
  test('are left alone while the file says what it said', async () => {
    const reload = await startedWith([NEAR])
    await write([NEAR], '# a remark\n')
    await reload.look()
    await reload.look()
    expect([applied, refused, changes]).toEqual([[], [], []])
  })

  test('are taken at the second look that shows the same text, for it may be half written at the first', async () => {
    const reload = await startedWith([NEAR])
    await writeFile(path, 'FLUXWATCH_PORT: 8080\n')
    await reload.look()
    await write([NEAR, FAR])
    await reload.look()
    expect(applied).toEqual([])
    await reload.look()
    await reload.look()
    expect(applied).toEqual([[NEAR, FAR]])
    expect(changes).toEqual([{ added: ['far'], removed: [], changed: [] }])
  })

  test('are taken at once when somebody asks for it', async () => {
    const reload = await startedWith([NEAR, FAR])
    const slower = { ...FAR, qps: 7 }
    await write([slower])
    await reload.reload()
    expect(applied).toEqual([[slower]])
    expect(changes).toEqual([{ added: [], removed: ['near'], changed: ['far'] }])
  })

  test('are refused once, with a sentence, when they are bad, and those in force stay', async () => {
    const reload = await startedWith([NEAR])
    await write([{ ...FAR, server: 'resolver.example' }])
    for (let look = 0; look < 4; look++) await reload.look()
    expect(applied).toEqual([])
    expect(refused).toHaveLength(1)
    expect(refused[0]).toContain('FLUXWATCH_VANTAGES[0].server')
    await write([FAR])
    for (let look = 0; look < 2; look++) await reload.look()
    expect(applied).toEqual([[FAR]])
  })

  test('are refused with everything else in the file when any of it would stop the next start', async () => {
    const reload = await startedWith([NEAR])
    await write([FAR], 'FLUXWATCH_PORT: eighty\n')
    await reload.reload()
    expect(applied).toEqual([])
    expect(refused).toEqual([expect.stringContaining('FLUXWATCH_PORT is "eighty"')])
  })

  test('that cannot be opened are refused, and may be tried again', async () => {
    let isReady = false
    const reload = await startedWith([NEAR], {}, (configs) => {
      if (!isReady) throw new Error('vantage far: not now')
      applied.push(configs)
    })
    await write([FAR])
    await reload.reload()
    expect(refused).toEqual(['vantage far: not now'])
    isReady = true
    await reload.reload()
    expect(applied).toEqual([[FAR]])
  })

  test('do not win over those of the environment', async () => {
    const reload = await startedWith([NEAR], { FLUXWATCH_VANTAGES: JSON.stringify([NEAR]) })
    await write([FAR])
    await reload.reload()
    expect([applied, refused, changes]).toEqual([[], [], []])
  })

  test('stay while the file is gone, as it is when an editor replaces it', async () => {
    const reload = await startedWith([NEAR])
    await rm(path)
    for (let look = 0; look < 3; look++) await reload.look()
    expect([applied, refused]).toEqual([[], []])
    await write([FAR])
    for (let look = 0; look < 2; look++) await reload.look()
    expect(applied).toEqual([[FAR]])
  })
})
