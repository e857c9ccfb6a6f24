// `fluxwatch assess` without its files: lines of responses in, final lines out. Reading and writing is the CLI's part.
import type { Enrichment } from '../model/address-facts.ts'
import type { Policy } from '../policy.ts'
import { finalLine } from './final-line.ts'
import { replayDomain } from './replay-domain.ts'
import { replayLine } from './replay-line.ts'
import type { ReplayResponse } from './replay-line.ts'

/** A line that could not be read; `line` counts from 1. */
export interface BadLine {
  readonly line: number
  readonly reason: string
}

/** Responses by recording and domain, in order of first appearance, with the lines that could not be read. */
export interface ReplayInput {
  readonly domains: readonly (readonly ReplayResponse[])[]
  readonly badLines: readonly BadLine[]
}

/**
 * Reads lines, one at a time, and groups them. The whole input is held: which names are name servers is known only at its
 * end. A bad line is reported and left out.
 */
export class ResponseGrouping {
  readonly #groups = new Map<string, ReplayResponse[]>()
  readonly #badLines: BadLine[] = []
  #line = 0

  add(text: string): void {
    this.#line += 1
    const read = replayLine(text, this.#line)
    if (read === null) return
    if (!read.ok) {
      this.#badLines.push({ line: read.line, reason: read.reason })
      return
    }
    const key = `${read.response.set ?? ''}\n${read.response.domain}`
    const group = this.#groups.get(key)
    if (group === undefined) this.#groups.set(key, [read.response])
    else group.push(read.response)
  }

  finish(): ReplayInput {
    return { domains: [...this.#groups.values()], badLines: this.#badLines }
  }
}

/** The final line of every domain, in order of first appearance. */
export function* replayResponses(
  input: ReplayInput,
  enrichment: Enrichment,
  policy: Policy,
): Generator<string> {
  for (const responses of input.domains) yield finalLine(replayDomain(responses, enrichment, policy))
}
