// The vantages that are open now, which may change while rounds are under way. Each round asks those of its beginning; a
// vantage that is gone is closed when nobody asks it any more. Which ones there should be comes from outside.
import { isDeepStrictEqual } from 'node:util'
import type { Clock } from '../core/clock.ts'
import type { Question } from '../core/dns/record.ts'
import type { Reply } from '../core/dns/reply.ts'
import type { Observation } from '../core/model/observation.ts'
import { openVantages, type OpenVantagesOptions } from '../dns/open-vantages.ts'
import { Prober, type ProbeOptions } from '../dns/prober.ts'
import { spareAsker, type SpareAsk } from '../dns/spare-asker.ts'
import type { Vantage, VantageStatus } from '../dns/vantage.ts'
import type { VantageConfig } from '../dns/vantage-config.ts'
import type { RoundProber } from '../queue/round-ports.ts'
import { shareOfRates } from './rate-share.ts'

export interface HeldVantagesOptions extends OpenVantagesOptions {
  readonly clock: Clock
  /** Processes that keep the rates together. */
  readonly processes: number
}

interface Held {
  readonly config: VantageConfig
  readonly vantage: Vantage
  /** Rounds and side questions under way that may ask it. */
  askers: number
}

/** What is asked at the same time; replaced as a whole. */
interface Present {
  readonly configs: readonly VantageConfig[]
  readonly held: readonly Held[]
  readonly prober: Prober
  readonly spare: SpareAsk | null
}

export class HeldVantages implements RoundProber {
  readonly #options: HeldVantagesOptions
  /** Gone, and still asked by rounds that began before. */
  readonly #leaving = new Set<Held>()
  readonly #closing = new Set<Promise<void>>()
  #present: Present

  /** Throws, with nothing left open, when one cannot be opened. */
  constructor(configs: readonly VantageConfig[], options: HeldVantagesOptions) {
    this.#options = options
    this.#present = this.#presentOf(configs, [])
  }

  get configs(): readonly VantageConfig[] {
    return this.#present.configs
  }

  get vantages(): readonly string[] {
    return this.#present.prober.vantages
  }

  /** Whether anybody can be asked what is no part of a round. */
  get hasSpare(): boolean {
    return this.#present.spare !== null
  }

  statuses(): VantageStatus[] {
    return this.#present.held.map(({ vantage }) => vantage.status())
  }

  probe(
    questions: readonly Question[],
    signal?: AbortSignal,
    only?: readonly string[],
    options?: ProbeOptions,
  ): Promise<Observation[]> {
    const { held, prober } = this.#present
    return this.#asking(held, prober.probe(questions, signal, only, options))
  }

  backlogMs(): number {
    return this.#present.prober.backlogMs()
  }

  /** As `SpareAsk`, of the vantages of this moment. */
  askSpare(question: Question): Promise<readonly Reply[]> | null {
    const { held, spare } = this.#present
    const replies = spare?.(question) ?? null
    return replies && this.#asking(held, replies)
  }

  /**
   * These are asked from now on. Whose configuration stays the same keeps its sockets, caches, counters and rate. Throws, with
   * everything as it was, when one cannot be opened.
   */
  replace(configs: readonly VantageConfig[]): void {
    const before = this.#present
    const now = this.#presentOf(configs, before.held)
    this.#present = now
    for (const held of before.held) {
      if (now.held.includes(held)) continue
      this.#leaving.add(held)
      this.#closeIfLeft(held)
    }
  }

  /** What is still asked ends as `network`. */
  async close(): Promise<void> {
    const open = [...this.#present.held, ...this.#leaving]
    await Promise.all([...open.map(({ vantage }) => vantage.close()), ...this.#closing])
  }

  #presentOf(configs: readonly VantageConfig[], kept: readonly Held[]): Present {
    const { clock, processes, ...options } = this.#options
    const isKept = (config: VantageConfig): Held | undefined =>
      kept.find((held) => isDeepStrictEqual(held.config, config))
    const missing = configs.filter((config) => !isKept(config))
    const opened = openVantages(
      missing.map((config) => shareOfRates(config, processes)),
      options,
    )
    const held = configs.map(
      (config) => isKept(config) ?? { config, vantage: opened[missing.indexOf(config)]!, askers: 0 },
    )
    const vantages = held.map(({ vantage }) => vantage)
    return { configs, held, prober: new Prober({ vantages, clock }), spare: spareAsker(vantages) }
  }

  async #asking<Answer>(held: readonly Held[], answer: Promise<Answer>): Promise<Answer> {
    for (const one of held) one.askers += 1
    try {
      return await answer
    } finally {
      for (const one of held) {
        one.askers -= 1
        this.#closeIfLeft(one)
      }
    }
  }

  #closeIfLeft(held: Held): void {
    if (held.askers > 0 || !this.#leaving.delete(held)) return
    const closing = held.vantage.close().finally(() => this.#closing.delete(closing))
    this.#closing.add(closing)
  }
}
