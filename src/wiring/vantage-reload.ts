// Notices that the configuration file has changed and brings its vantages into force. A bad file is refused, and everything
// stays as it was. Decides when a file is read; how vantages are replaced is its user's business.
import { readFile } from 'node:fs/promises'
import { isDeepStrictEqual } from 'node:util'
import type { VantageConfig } from '../dns/vantage-config.ts'
import { vantageConfigs } from './settings.ts'

/** Ids. A changed one has other settings than before. */
export interface VantageChanges {
  readonly added: readonly string[]
  readonly removed: readonly string[]
  readonly changed: readonly string[]
}

export interface VantageReloadParts {
  /** The file behind the settings. */
  readonly path: string
  /** What FLUXWATCH_VANTAGES is now, from the file and the environment; throws for settings that cannot be used. */
  readonly read: () => unknown
  /** Throws when the vantages cannot be brought into force. */
  readonly apply: (configs: readonly VantageConfig[]) => void
  readonly log: {
    readonly changed: (what: VantageChanges) => void
    readonly refused: (error: unknown) => void
  }
}

export class VantageReload {
  readonly #parts: VantageReloadParts
  #inForce: readonly VantageConfig[]
  /** The text of the latest look, and of the latest that was read. */
  #seen: string | null = null
  #read: string | null = null

  /** `inForce`: the vantages of the start. A file that has changed since they were read is noticed too. */
  constructor(inForce: readonly VantageConfig[], parts: VantageReloadParts) {
    this.#inForce = inForce
    this.#parts = parts
  }

  /**
   * To be called now and then. Takes a change at the second look that shows it: a file that somebody is in the middle of
   * writing may well be right in form, and lack its vantages.
   */
  async look(): Promise<void> {
    const text = await this.#text()
    const isSettled = text === this.#seen
    this.#seen = text
    if (text === null || !isSettled || text === this.#read) return
    this.#take(text)
  }

  /** Reads the file now, whether it has changed or not. */
  async reload(): Promise<void> {
    const text = await this.#text()
    this.#seen = text
    this.#take(text)
  }

  #take(text: string | null): void {
    this.#read = text
    const { read, apply, log } = this.#parts
    try {
      const configs = vantageConfigs({ vantages: read() })
      if (isDeepStrictEqual(configs, this.#inForce)) return
      apply(configs)
      log.changed(changesBetween(this.#inForce, configs))
      this.#inForce = configs
    } catch (error) {
      log.refused(error)
    }
  }

  /** Null while there is no file: it may be on its way. */
  #text(): Promise<string | null> {
    return readFile(this.#parts.path, 'utf8').catch(() => null)
  }
}

function changesBetween(before: readonly VantageConfig[], now: readonly VantageConfig[]): VantageChanges {
  const wasThere = new Map(before.map((config) => [config.id, config]))
  const isThere = new Set(now.map(({ id }) => id))
  const idsOf = (configs: readonly VantageConfig[]): string[] => configs.map(({ id }) => id)
  return {
    added: idsOf(now.filter(({ id }) => !wasThere.has(id))),
    removed: idsOf(before.filter(({ id }) => !isThere.has(id))),
    changed: idsOf(
      now.filter((config) => {
        const old = wasThere.get(config.id)
        return old !== undefined && !isDeepStrictEqual(config, old)
      }),
    ),
  }
}
