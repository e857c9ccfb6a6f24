// Ends a process whose fuzz loop no longer gets anywhere, and prints the packet that it hangs on. It runs in a thread of
// its own, since a hanging loop fires no timer.
import { Worker } from 'node:worker_threads'

const MAX_OCTETS = 8192
/** Shared words: packet number, length of the packet; then its octets. */
const HEADER_WORDS = 2

const WATCHER = `
const { workerData } = require('node:worker_threads')
const { writeSync } = require('node:fs')
const { shared, limitMs, headerOctets } = workerData
const words = new Int32Array(shared, 0, headerOctets / 4)
let seen = -1
setInterval(() => {
  const number = Atomics.load(words, 0)
  if (number !== seen) { seen = number; return }
  const bytes = Buffer.from(shared, headerOctets, Atomics.load(words, 1))
  writeSync(2, 'packet ' + number + ' hangs: ' + bytes.toString('hex') + '\\n')
  process.kill(process.pid, 'SIGKILL')
}, limitMs)
`

export class Watchdog {
  readonly #worker: Worker
  readonly #words: Int32Array
  readonly #octets: Uint8Array

  /** A packet that takes longer than `limitMs` (to twice of that) ends the process by SIGKILL. */
  constructor(limitMs: number) {
    const headerOctets = 4 * HEADER_WORDS
    const shared = new SharedArrayBuffer(headerOctets + MAX_OCTETS)
    this.#words = new Int32Array(shared, 0, HEADER_WORDS)
    this.#octets = new Uint8Array(shared, headerOctets)
    this.#worker = new Worker(WATCHER, {
      eval: true,
      execArgv: [],
      workerData: { shared, limitMs, headerOctets },
    })
  }

  /** Resolves when the watcher runs; from then on it does not keep the process alive. */
  async ready(): Promise<void> {
    await new Promise((resolve) => this.#worker.once('online', resolve))
    this.#worker.unref()
  }

  /** The packet that goes in now. */
  note(bytes: Uint8Array, number: number): void {
    this.#octets.set(bytes.subarray(0, MAX_OCTETS))
    this.#words[1] = Math.min(bytes.length, MAX_OCTETS)
    Atomics.store(this.#words, 0, number)
  }

  async stop(): Promise<void> {
    await this.#worker.terminate()
  }
}
