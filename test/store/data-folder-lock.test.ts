import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { DataFolderInUseError, lockDataFolder } from '../../src/store/data-folder-lock.ts'

let parent: string
let folder: string
const processes: ChildProcess[] = []

beforeEach(async () => {
  parent = await mkdtemp(join(tmpdir(), 'fw-lock-'))
  folder = join(parent, 'data')
})
afterEach(async () => {
  await Promise.all(processes.splice(0).map((one) => end(one)))
  await rm(parent, { recursive: true, force: true })
})

async function inAnotherProcess(): Promise<{ said: string; child: ChildProcess }> {
  const child = spawn(
    process.execPath,
    ['--expose-gc', join(import.meta.dirname, 'lock-process.ts'), folder],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  )
  processes.push(child)
  const [said] = (await once(child.stdout.setEncoding('utf8'), 'data')) as [string]
  return { said: said.trim(), child }
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const gone = once(child, 'exit')
  child.kill('SIGKILL')
  await gone
}

test('A second process is refused with a sentence that names the folder and the holder', async () => {
  const lock = lockDataFolder(folder)
  const { said } = await inAnotherProcess()
  expect(said).toBe(
    `DataFolderInUseError: Another fluxwatch (process ${process.pid}) is running on the data folder ${folder}. ` +
      'Stop it first, or give this one its own folder with FLUXWATCH_DATA_DIR.',
  )
  lock.release()
  expect((await inAnotherProcess()).said).toBe('held')
})

test('The folder is free again after its holder was killed', async () => {
  const { said, child } = await inAnotherProcess()
  expect(said).toBe('held')
  expect(() => lockDataFolder(folder)).toThrow(DataFolderInUseError)
  expect(() => lockDataFolder(folder)).toThrow(`process ${child.pid}`)
  await end(child)
  lockDataFolder(folder).release()
})

test('Two folders do not know of each other', () => {
  const one = lockDataFolder(join(folder, 'one'))
  const two = lockDataFolder(join(folder, 'two'))
  one.release()
  two.release()
})
