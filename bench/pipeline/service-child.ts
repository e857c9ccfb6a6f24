// The bench's handle on a process of the service: starts it, asks what it used, counts its rounds, ends it.
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { pinned } from '../cores.ts'
import type { Asked, Call, ServiceOrder, Told, Usage } from './service-order.ts'

const SCRIPT = join(import.meta.dirname, 'service-process.ts')

export class ServiceChild {
  readonly pid: number
  /** Where the API listens; null for a worker. */
  readonly url: string | null
  /** Rounds that reached history, and observations among them that are no answer. */
  rounds = 0
  unanswered = 0
  /** Called whenever `rounds` has grown. */
  onRounds: () => void = () => {}
  readonly #child: ChildProcess
  readonly #waiting = new Map<number, (usage: Usage) => void>()
  readonly #failed: Promise<never>
  #calls = 0
  #isClosing = false

  private constructor(child: ChildProcess, url: string | null) {
    this.#child = child
    this.pid = child.pid!
    this.url = url
    this.#failed = once(child, 'exit').then(([code]) => {
      if (this.#isClosing) return new Promise<never>(() => {})
      throw new Error(`a process of the service ended by itself (exit code ${String(code)})`)
    })
    this.#failed.catch(() => {})
    child.on('message', (told: Told) => this.#hear(told))
  }

  /**
   * Rejects when the process ends before it is ready. `core`: where it is to run; null: anywhere. `compiled`: a folder where
   * compiled code is kept for the next process, which begins in half of the time then.
   */
  static async start(order: ServiceOrder, core: number | null, compiled: string): Promise<ServiceChild> {
    const [command, args] = pinned(core, process.execPath, [SCRIPT, JSON.stringify(order)])
    const child = spawn(command, args, {
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
      env: { ...process.env, NODE_COMPILE_CACHE: compiled },
    })
    const ready = once(child, 'message') as Promise<[Told]>
    const ended = once(child, 'exit').then(([code]) => {
      throw new Error(`the ${order.role} process did not start (exit code ${String(code)})`)
    })
    ended.catch(() => {})
    const [told] = await Promise.race([ready, ended])
    return new ServiceChild(child, told.kind === 'ready' ? told.url : null)
  }

  /** Rejects, like everything here, when the process has ended by itself. */
  ask(call: Call): Promise<Usage> {
    const asked: Asked = { id: (this.#calls += 1), call }
    const { promise, resolve } = Promise.withResolvers<Usage>()
    this.#waiting.set(asked.id, resolve)
    this.#child.send(asked)
    return this.orFailed(promise)
  }

  orFailed<T>(promise: Promise<T>): Promise<T> {
    return Promise.race([promise, this.#failed])
  }

  async close(): Promise<void> {
    const exited = once(this.#child, 'exit')
    this.#isClosing = true
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return
    await Promise.race([this.ask({ do: 'close' }), exited])
    await exited
  }

  #hear(told: Told): void {
    if (told.kind === 'answer') {
      this.#waiting.get(told.id)?.(told.usage)
      this.#waiting.delete(told.id)
    } else if (told.kind === 'rounds') {
      this.rounds += told.rounds
      this.unanswered += told.unanswered
      this.onRounds()
    }
  }
}
