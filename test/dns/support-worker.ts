// A server in a thread of its own, so that it does not share the event loop with what is tested.
import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import type { ServerAddress } from '../../src/dns/server-address.ts'

export class WorkerServer<Tally> {
  readonly server: ServerAddress
  readonly #worker: Worker

  private constructor(worker: Worker, server: ServerAddress) {
    this.#worker = worker
    this.server = server
  }

  /** `script` posts `{ port }` once it listens on 127.0.0.1, and its tally for every message that it is sent. */
  static async start<Tally>(script: URL, workerData: unknown): Promise<WorkerServer<Tally>> {
    const worker = new Worker(script, { workerData, execArgv: [] })
    const [{ port }] = (await once(worker, 'message')) as [{ port: number }]
    return new WorkerServer<Tally>(worker, { address: '127.0.0.1', port })
  }

  async tally(): Promise<Tally> {
    this.#worker.postMessage('tally', [])
    const [tally] = (await once(this.#worker, 'message')) as [Tally]
    return tally
  }

  async close(): Promise<void> {
    await this.#worker.terminate()
  }
}
