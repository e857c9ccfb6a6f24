// A thread that speaks the history's protocol: `unplaced` answers how often it was called, `check` kills it in the way that
// the settings name, `append` is never answered.
import { parentPort, workerData } from 'node:worker_threads'
import type {
  ThreadReply,
  ThreadRequest,
  ThreadSettings,
} from '../../../src/store/history/sqlite/protocol.ts'

let calls = 0
parentPort?.on('message', (request: ThreadRequest) => {
  const answer = (output: string[] | null) => {
    const reply: ThreadReply = { number: request.number, output }
    parentPort?.postMessage(reply, [])
  }
  if (request.operation === 'unplaced') answer([String(++calls)])
  if (request.operation === 'close') {
    answer(null)
    parentPort?.close()
  }
  if (request.operation === 'check') {
    if ((workerData as ThreadSettings).path === 'exits') process.exit(7)
    throw new Error('the disk is on fire')
  }
})
