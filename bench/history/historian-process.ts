// A historian as the service runs it, in a process of its own that may be killed: the streams of a Redis into a SQLite history. Writes
// a letter for what it does to its output: r(eady), a(ppending), d(urable).
// Arguments: socket of Redis, file of the history. Ends after SIGTERM, with everything that is in the streams stored.
import { writeSync } from 'node:fs'
import { historian } from '../../src/queue/historian.ts'
import { keys, PARTITIONS } from '../../src/store/keys.ts'
import { openSqliteHistory } from '../../src/store/history/sqlite/sqlite-history.ts'
import { OutboxReader } from '../../src/store/outbox-reader.ts'
import { connectForWork, ready } from '../../src/store/redis.ts'

const STOP_LIMIT_MS = 60_000

const [socketPath, path] = process.argv.slice(2)
const stopping = new Promise<void>((resolve) => process.once('SIGTERM', resolve))
const history = await openSqliteHistory(path!)
const redis = await ready(connectForWork({ socketPath: socketPath! }))
const reader = new OutboxReader(redis, {
  group: 'historian',
  // Of the same name after each kill, as `serve` has it.
  consumer: 'serve',
  streams: PARTITIONS.map(keys.observations),
  field: 'round',
  octetsALook: 64 * 1024,
  backlogs: PARTITIONS.map((partition) => ({
    counts: keys.observationsBacklog(partition),
    unreadable: keys.observationsUnreadable(partition),
  })),
  onError: (error) => process.stderr.write(`${String(error)}\n`),
})
// Straight to the pipe: what was written stays written when the process is killed.
const tell = (letter: string): void => void writeSync(1, letter)
await reader.start(
  historian({
    async appendEntries(entries) {
      tell('a')
      await history.appendEntries(entries)
      tell('d')
    },
  }),
)
tell('r')
await stopping
await reader.stop(STOP_LIMIT_MS)
redis.disconnect()
await history.close()
