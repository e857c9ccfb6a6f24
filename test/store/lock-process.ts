// Holds the lock of a data folder until it is killed: `node --expose-gc lock-process.ts <data folder>`. Says `held` or the
// refusal. It keeps nothing of the lock, and collects its garbage before it says so.
import { setImmediate as turn } from 'node:timers/promises'
import { lockDataFolder } from '../../src/store/data-folder-lock.ts'

try {
  lockDataFolder(process.argv[2]!)
  for (let time = 0; time < 5; time += 1) {
    globalThis.gc!()
    await turn()
  }
  process.stdout.write('held\n')
  setInterval(() => {}, 60_000)
} catch (error) {
  process.stdout.write(`${String(error)}\n`)
}
