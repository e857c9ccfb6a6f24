// The main thread's end of the history thread: starts it when it is needed, pairs replies with calls, and turns its
// death into rejections. Decides nothing about rows.
import { Worker } from 'node:worker_threads'
import { FluxError } from '../../../core/errors.ts'
import type {
  ThreadOperation,
  ThreadOperations,
  ThreadReply,
  ThreadRequest,
  ThreadSettings,
} from './protocol.ts'
import { toCallerError } from './sqlite-failure.ts'

interface Call {
  readonly resolve: (output: ThreadOperations[ThreadOperation]['output']) => void
  readonly reject: (error: Error) => void
}

/** One life of the thread and the calls that it has not answered. */
interface Life {
  readonly worker: Worker
  readonly calls: Map<number, Call>
  readonly ended: Promise<void>
}

export class HistoryThread {
  readonly #script: URL
  readonly #settings: ThreadSettings
  #life: Life | null = null
  #lastNumber = 0

  constructor(script: URL, settings: ThreadSettings) {
    this.#script = script
    this.#settings = settings
  }

  /**
   * Runs one operation in the thread; operations run in the order of the calls. A call that the thread's death left
   * unanswered rejects with `FLUX_STORE_UNAVAILABLE` (the operation may have run), and the next call starts a new thread.
   * `transfer`: buffers of the input that are handed over instead of copied.
   */
  call<Name extends ThreadOperation>(
    operation: Name,
    input: ThreadOperations[Name]['input'],
    transfer: readonly ArrayBuffer[] = [],
  ): Promise<ThreadOperations[Name]['output']> {
    const life = (this.#life ??= this.#start())
    const number = ++this.#lastNumber
    return new Promise((resolve, reject) => {
      // Posted first: it throws when the input cannot be cloned, and then nobody will ever answer.
      life.worker.postMessage({ number, operation, input } as ThreadRequest, transfer)
      life.calls.set(number, { resolve: resolve as Call['resolve'], reject })
    })
  }

  /** Lets the thread finish what it was asked and waits until it is gone; nothing to do when there is none. */
  async close(): Promise<void> {
    const life = this.#life
    if (life === null) return
    await this.call('close', null)
    await life.ended
  }

  #start(): Life {
    const worker = new Worker(this.#script, { workerData: this.#settings, name: 'fluxwatch-history' })
    const calls = new Map<number, Call>()
    let reason: Error | null = null
    const ended = new Promise<void>((resolve) => {
      worker.once('exit', (code) => {
        if (this.#life === life) this.#life = null
        for (const call of calls.values()) call.reject(deathError(reason, code))
        calls.clear()
        resolve()
      })
    })
    const life: Life = { worker, calls, ended }
    worker.on('message', (reply: ThreadReply) => {
      const call = calls.get(reply.number)
      calls.delete(reply.number)
      if ('error' in reply) call?.reject(toCallerError(reply.error, reply.sqliteCode))
      else call?.resolve(reply.output)
    })
    // Both end this life: what is called from now on starts another one, what waits is rejected at the exit.
    const abandon = (error: Error) => {
      reason ??= error
      if (this.#life === life) this.#life = null
    }
    worker.on('error', abandon)
    worker.on('messageerror', (error) => {
      abandon(error)
      void worker.terminate()
    })
    return life
  }
}

function deathError(reason: Error | null, exitCode: number): FluxError {
  const why = reason === null ? `it ended with code ${exitCode}` : reason.message
  return new FluxError(
    'FLUX_STORE_UNAVAILABLE',
    `The history thread is gone: ${why}`,
    [],
    reason ?? undefined,
  )
}
