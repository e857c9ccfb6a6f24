// Holds the lock of a data folder until it is killed: `node lock-process.ts <data folder>`. Says `held` or the refusal.
import { lockDataFolder } from '../../src/store/data-folder-lock.ts'

try {
  lockDataFolder(process.argv[2]!)
  process.stdout.write('held\n')
  setInterval(() => {}, 60_000)
} catch (error) {
  process.stdout.write(`${String(error)}\n`)
}
