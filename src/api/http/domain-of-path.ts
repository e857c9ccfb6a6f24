// The domain that a path names. Reading one judges it in full, which is worth remembering for a path that is asked again and
// again; what a domain is, parse-domain.ts decides.
import { parseDomain } from '../../core/names/parse-domain.ts'
import { invalid } from '../problems/problem-error.ts'

/** Texts that are remembered; about 3 MB when all of them are as long as the longest. */
const REMEMBERED = 10_000
/** A longer one (a URL, say) is read each time: what is remembered must stay small, whatever clients send. */
const LONGEST_REMEMBERED = 255

/** The path takes what a submission takes. Throws FLUX_INVALID, naming `parameter`, for what is no domain at all. */
export function domainOfPath(text: string, parameter = 'domain'): string {
  const parsed = parseDomain(text)
  if (!parsed.ok) throw invalid(`/path/${parameter}`, parsed.code, parsed.reason)
  return parsed.name
}

/** `domainOfPath` that remembers what it has read. */
export class PathDomains {
  readonly #read = new Map<string, string>()
  readonly #limit: number

  /** Beyond `limit` texts the one that was read first is forgotten. */
  constructor(limit = REMEMBERED) {
    this.#limit = limit
  }

  /** How many texts are remembered. */
  get size(): number {
    return this.#read.size
  }

  domainOf(text: string): string {
    const known = this.#read.get(text)
    if (known !== undefined) return known
    const domain = domainOfPath(text)
    if (text.length > LONGEST_REMEMBERED) return domain
    this.#read.set(text, domain)
    if (this.#read.size > this.#limit) {
      const [first] = this.#read.keys()
      if (first !== undefined) this.#read.delete(first)
    }
    return domain
  }
}
