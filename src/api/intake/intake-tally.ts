// Sorts submitted items into names to watch and items to report, and counts. Lists are bounded, counts are not.
import { parseDomain } from '../../core/names/parse-domain.ts'
import type { OptedOut } from '../ports.ts'
import type { SubmittedItem } from './submitted-item.ts'

export interface Rejection {
  readonly index: number
  readonly input: string
  readonly code: string
  readonly reason: string
}

export interface Refanging {
  readonly index: number
  readonly input: string
  readonly domain: string
}

const SHOWN_CHARACTERS = 256

export class IntakeTally {
  readonly rejected: Rejection[] = []
  readonly refanged: Refanging[] = []
  rejectedTotal = 0
  /** Items that are names, repeated ones included. */
  valid = 0
  readonly #listLimit: number
  readonly #optOut: OptedOut

  /** At most `listLimit` items are listed as rejected, and as many as refanged. */
  constructor(listLimit: number, optOut: OptedOut) {
    this.#listLimit = listLimit
    this.#optOut = optOut
  }

  /** The name to watch, or null for an item that is rejected (and now counted). */
  take(item: SubmittedItem): string | null {
    if ('unreadable' in item) {
      const { input, code, reason } = item.unreadable
      return this.#reject({ index: item.index, input: shown(input), code, reason })
    }
    const parsed = parseDomain(item.value)
    if (!parsed.ok) {
      return this.#reject({
        index: item.index,
        input: shown(item.value),
        code: parsed.code,
        reason: parsed.reason,
      })
    }
    if (this.#optOut.coversName(parsed.name)) {
      return this.#reject({
        index: item.index,
        input: shown(item.value),
        code: 'opted_out',
        reason: 'The name is on the opt-out list of this service: its operator asked not to be probed.',
      })
    }
    this.valid++
    if (parsed.refanged && this.refanged.length < this.#listLimit) {
      this.refanged.push({ index: item.index, input: shown(item.value), domain: parsed.name })
    }
    return parsed.name
  }

  #reject(rejection: Rejection): null {
    this.rejectedTotal++
    if (this.rejected.length < this.#listLimit) this.rejected.push(rejection)
    return null
  }
}

function shown(value: unknown): string {
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? String(value))
  // The cut may split a surrogate pair; half of one is no valid JSON text for many readers.
  return text.slice(0, SHOWN_CHARACTERS).toWellFormed()
}
