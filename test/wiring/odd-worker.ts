// A worker process that behaves as its name says, for the tests of who looks after it.
import type { FromWorker, ToWorker } from '../../src/wiring/worker-messages.ts'

const name = process.argv[2]!
const tell = (message: FromWorker, then: () => void = () => {}) => process.send!(message, then)

process.on('disconnect', () => process.exit(1))
process.on('message', (message: ToWorker) => {
  if (message.kind === 'start') {
    if (name === 'refusing') tell({ kind: 'refused', sentence: 'The moon is full.' }, () => process.exit(2))
    else if (name === 'crashing') process.exit(3)
    else tell({ kind: 'ready' }, () => name === 'dying' && process.exit(7))
  }
  if (message.kind === 'drain' && name !== 'deaf') process.exit(0)
})
