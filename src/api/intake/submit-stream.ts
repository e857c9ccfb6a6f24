// Takes a submission that arrives as a stream of lines (NDJSON) and has no limit: memory stays flat, the store sets the
// pace. What was added stays accepted even when the upload breaks off.
import type { Readable } from 'node:stream'
import { FluxError } from '../../core/errors.ts'
import { discardRest } from '../http/bounded-body.ts'
import { readLines } from '../http/line-reader.ts'
import type { ApiPorts, ScanOptions, Scans } from '../ports.ts'
import { toFluxError } from '../problems/problem-mapping.ts'
import type { Intake } from './intake.ts'
import { brokenUpload, noValidDomain } from './intake-problems.ts'
import { IntakeTally } from './intake-tally.ts'
import { itemOfLine } from './submitted-item.ts'

export const MAX_LINE_BYTES = 4096
const CHUNK_NAMES = 1000
/** More rejected items than these are counted, not listed. */
const LISTED_ITEMS = 1000

/**
 * Reads to the end and answers what it came to.
 * Throws FLUX_NO_VALID_DOMAIN; FLUX_BAD_REQUEST when the body breaks off and what the store throws, both with `scan` and
 * `accepted` when something had been accepted: that scan is then sealed.
 */
export async function submitStream(
  { scans, optOut }: Pick<ApiPorts, 'scans' | 'optOut'>,
  options: ScanOptions,
  body: Readable,
): Promise<Intake> {
  const tally = new IntakeTally(LISTED_ITEMS, optOut)
  const filling = new ScanFilling(scans, options)
  try {
    for await (const lines of readLines(bodyChunks(body), MAX_LINE_BYTES)) {
      for (const line of lines) {
        const name = tally.take(itemOfLine(line, MAX_LINE_BYTES))
        // Awaiting here is the back-pressure: while the store works, nothing more is read from the socket.
        if (name !== null) await filling.add(name)
      }
    }
    await filling.flush()
    if (filling.scan !== null) await scans.seal(filling.scan)
  } catch (cause) {
    await discardRest(body)
    throw await filling.giveUp(toFluxError(cause))
  }
  if (filling.scan === null) throw noValidDomain(tally)
  const { scan, accepted } = filling
  return { scan, accepted, duplicates: tally.valid - accepted, tally, webhook: null }
}

/** Opens the scan with the first names, so that a submission of nothing leaves nothing behind. */
class ScanFilling {
  scan: string | null = null
  accepted = 0
  #waiting = new Set<string>()
  readonly #scans: Scans
  readonly #options: ScanOptions

  constructor(scans: Scans, options: ScanOptions) {
    this.#scans = scans
    this.#options = options
  }

  async add(name: string): Promise<void> {
    this.#waiting.add(name)
    if (this.#waiting.size >= CHUNK_NAMES) await this.flush()
  }

  async flush(): Promise<void> {
    if (this.#waiting.size === 0) return
    this.scan ??= await this.#scans.open(this.#options)
    const names = [...this.#waiting]
    this.#waiting.clear()
    this.accepted += (await this.#scans.add(this.scan, names)).added
  }

  /** Keeps what came whole, seals, and answers the error to throw. */
  async giveUp(cause: FluxError): Promise<FluxError> {
    // Names that were read before a *body* broke off are as good as the others; when the store failed they are lost.
    if (cause.code === 'FLUX_BAD_REQUEST') await this.flush().catch(() => {})
    if (this.scan === null) return cause
    await this.#scans.seal(this.scan).catch(() => {})
    return brokenUpload(cause, this.scan, this.accepted)
  }
}

/** `destroyOnReturn: false`: leaving the loop early must not close the connection that the answer goes out on. */
async function* bodyChunks(body: Readable): AsyncGenerator<Buffer> {
  try {
    yield* body.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>
  } catch (cause) {
    throw new FluxError('FLUX_BAD_REQUEST', 'The body broke off.', [], cause)
  }
}
