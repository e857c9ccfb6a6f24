// A thread that has the SQLite file open: node:sqlite is synchronous, and the event loop that probes must never wait for a
// disk. Answers one request after the other. When the file cannot be opened the thread ends with that error.
import { statSync } from 'node:fs'
import { parentPort, workerData } from 'node:worker_threads'
import { compactSlice, isWorthCompacting, optimize } from './compaction.ts'
import { HistoryPruner } from './history-pruner.ts'
import { HistoryReader } from './history-reader.ts'
import { HistoryWriter } from './history-writer.ts'
import { openDatabase } from './open-database.ts'
import type {
  ThreadOperation,
  ThreadOperations,
  ThreadReply,
  ThreadRequest,
  ThreadSettings,
} from './protocol.ts'
import { schemaVersion } from './schema.ts'
import { sqliteCodeOf } from './sqlite-failure.ts'

const { path } = workerData as ThreadSettings
const port = parentPort
if (port === null) throw new Error('thread.ts is started as a worker thread only')

const database = openDatabase(path)
// Each thread does one of these; the statements of the others are never made.
let made: { writer?: HistoryWriter; reader?: HistoryReader; pruner?: HistoryPruner } = {}
const writer = () => (made.writer ??= new HistoryWriter(database))
const reader = () => (made.reader ??= new HistoryReader(database))
const pruner = () => (made.pruner ??= new HistoryPruner(database))

port.on('message', (request: ThreadRequest) => {
  port.postMessage(reply(request))
  if (request.operation === 'close') port.close()
})

function reply(request: ThreadRequest): ThreadReply {
  try {
    return { number: request.number, output: run(request) }
  } catch (thrown) {
    const error = thrown instanceof Error ? thrown : new Error(String(thrown))
    return { number: request.number, error, sqliteCode: sqliteCodeOf(error) }
  }
}

function run({ operation, input }: ThreadRequest): ThreadOperations[ThreadOperation]['output'] {
  switch (operation) {
    case 'append':
      writer().append(input)
      return null
    case 'appendEntries':
      writer().appendEntries(
        input.ends.map((end, index) => input.bytes.subarray(input.ends[index - 1] ?? 0, end)),
      )
      return null
    case 'place':
      writer().place(input)
      return null
    case 'prune':
      return pruner().slice(input.olderThanMs, input.place)
    case 'compact':
      if ((!input.isFirst || isWorthCompacting(database)) && compactSlice(database)) return true
      optimize(database)
      return false
    case 'check':
      database.exec('BEGIN IMMEDIATE; ROLLBACK')
      return { schema: schemaVersion(database), bytes: sizeOf(path) + sizeOf(`${path}-wal`) }
    case 'observations':
      return reader().observations(input)
    case 'records':
      return reader().records(input)
    case 'recordsAt':
      return reader().recordsAt(input)
    case 'changes':
      return reader().changes(input)
    case 'newAddresses':
      return reader().newAddresses(input)
    case 'life':
      return reader().life(input)
    case 'statistics':
      return reader().statistics(input)
    case 'unplaced':
      return reader().unplaced(input)
    case 'close':
      made = {}
      database.close()
      return null
  }
}

/** Octets; 0 of a file that is not there. */
function sizeOf(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.size ?? 0
}
