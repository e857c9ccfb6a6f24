// One term of a keeper of the networks: the graph in memory, from what is kept until the place is lost. Decides in which order things
// are written, so that each change is kept and told once whatever dies in between. Who belongs together is core's business.
import { setImmediate as anotherTurn } from 'node:timers/promises'
import { NetworkGraph } from '../../core/networks/network-graph.ts'
import {
  isEmptyPlan,
  isWorthLogging,
  NetworkRoll,
  type NetworkPlan,
} from '../../core/networks/network-plan.ts'
import { unpackNews, type FlaggedNews } from '../../core/networks/packed-member.ts'
import type { Policy } from '../../core/policy.ts'
import type { NetworkStore } from './keeper-ports.ts'
import { networkEntry } from './network-entry.ts'

/** After what was told is taken in: what is left waits for the next batch or the next sweep. */
const SWEEPS_A_BATCH = 8
/** While nobody tells anything: what was told meanwhile waits for so many. */
const SWEEPS_A_TIME = 64

export interface KeeperTermParts {
  readonly store: NetworkStore
  readonly policy: Policy
  readonly onError: (error: unknown) => void
}

export class KeeperTerm {
  readonly #store: NetworkStore
  readonly #onError: (error: unknown) => void
  readonly #generation: number
  readonly #graph: NetworkGraph
  readonly #roll = new NetworkRoll()
  /** Out of the graph, and not kept for good yet; in order. */
  readonly #unkept: NetworkPlan[] = []
  /** One thing at a time: the graph and what is kept go together. */
  #turn: Promise<void> = Promise.resolve()
  #isOver = false

  private constructor({ store, policy, onError }: KeeperTermParts, generation: number) {
    this.#store = store
    this.#onError = onError
    this.#generation = generation
    this.#graph = new NetworkGraph(policy)
  }

  /**
   * From what is kept, after what an earlier keeper wrote down and may not have finished is finished. `generation`: that of this
   * process, which shut the earlier ones out already.
   */
  static async begin(parts: KeeperTermParts, generation: number): Promise<KeeperTerm> {
    const { store } = parts
    const term = new KeeperTerm(parts, generation)
    const left = await store.logged()
    if (left !== null) await term.#carryOut(left)
    const { members, networks } = await store.load()
    term.#graph.restore(members, networks)
    term.#roll.restore(members)
    return term
  }

  /** From now on everything is refused: the place is lost. */
  end(): void {
    this.#isOver = true
  }

  /**
   * Takes in what rounds told, keeps it and tells what came of it: one change a network, however many names. Rejects while it cannot
   * be kept; the same payloads again change nothing more.
   */
  handle(payloads: readonly Buffer[], now: number): Promise<void> {
    return this.#inTurn(async () => {
      for (const payload of payloads) this.#take(payload, now)
      await this.#sweep(now, SWEEPS_A_BATCH)
      await this.#keep()
    })
  }

  /** Lets age out what is due to, whether or not anybody tells anything. Answers whether more is due already. */
  async sweep(now: number): Promise<boolean> {
    await this.#inTurn(async () => {
      await this.#sweep(now, SWEEPS_A_TIME)
      await this.#keep()
    })
    return this.#graph.isDue(now)
  }

  /** One is bounded in work: others get their turn on the event loop in between. */
  async #sweep(now: number, most: number): Promise<void> {
    for (let sweeps = 1; ; sweeps += 1) {
      this.#graph.sweep(now)
      if (sweeps >= most || !this.#graph.isDue(now)) return
      await anotherTurn()
    }
  }

  #take(payload: Buffer, now: number): void {
    let news: FlaggedNews
    try {
      news = unpackNews(payload)
    } catch (error) {
      // It would never be read, and everything behind it would wait.
      this.#onError(error)
      return
    }
    if (news.kind === 'flagged') this.#graph.note(news.name, now)
    else this.#graph.clear(news.domain, news.at)
  }

  #inTurn(act: () => Promise<void>): Promise<void> {
    const mine = this.#turn.then(() => {
      if (this.#isOver) throw new Error('The term of this keeper of the networks is over')
      return act()
    })
    this.#turn = mine.catch(() => {})
    return mine
  }

  async #keep(): Promise<void> {
    const plan = this.#roll.plan(this.#graph.takeNews())
    if (!isEmptyPlan(plan)) this.#unkept.push(plan)
    for (;;) {
      const [first] = this.#unkept
      if (first === undefined) break
      if (isWorthLogging(first)) await this.#store.log(first, this.#generation)
      await this.#carryOut(first)
      this.#unkept.shift()
    }
    // Nothing new to this graph may be new to that of a keeper who came after: who is not the keeper acknowledges nothing.
    if (isEmptyPlan(plan) && !(await this.#store.renew(this.#generation))) {
      this.#isOver = true
      throw new Error('Another process keeps the networks now')
    }
  }

  /** Told before it is kept for good; both are done again as a whole by whoever finds the log. */
  async #carryOut(plan: NetworkPlan): Promise<void> {
    await this.#store.tell(plan.told.map(networkEntry))
    await this.#store.keep(plan, this.#generation)
    if (isWorthLogging(plan)) await this.#store.forgetLog(this.#generation)
  }
}
