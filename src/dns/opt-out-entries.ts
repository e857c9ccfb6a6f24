// Reads the text of an opt-out list and answers what it covers. Pure; files and their changes are opt-out-list.ts's part.
import { parseAddress, prefixKey } from '../core/net/address.ts'
import { parseCidr } from '../core/net/cidr.ts'
import { toAsciiName } from '../core/names/ascii-name.ts'

/** Why a line cannot be read. */
export interface OptOutProblem {
  /** From 1. */
  readonly line: number
  readonly sentence: string
}

/** The parts of a list: what it covers, and the lines that stop it from being used. */
export interface OptOutReading {
  readonly entries: OptOutEntries
  readonly problems: readonly OptOutProblem[]
}

/**
 * One entry a line: a domain (covers itself and every name below it), an address, or a prefix such as `192.0.2.0/24`. What
 * follows a `#` is a comment; empty lines are left out.
 */
export function readOptOutEntries(text: string): OptOutReading {
  const domains = new Set<string>()
  const networks = new Networks()
  const problems: OptOutProblem[] = []
  for (const [index, line] of text.split('\n').entries()) {
    const entry = line.replace(/#.*/, '').trim()
    if (entry === '') continue
    const network = parseCidr(entry)
    const domain = network === null ? readDomain(entry) : null
    if (network !== null) networks.add(network.family, network.bits, network.text)
    else if (domain !== null && 'name' in domain) domains.add(domain.name)
    else problems.push({ line: index + 1, sentence: domain?.refusal ?? '' })
  }
  return { entries: new OptOutEntries(domains, networks), problems }
}

export class OptOutEntries {
  readonly #domains: ReadonlySet<string>
  readonly #networks: Networks

  constructor(domains: ReadonlySet<string>, networks: Networks) {
    this.#domains = domains
    this.#networks = networks
  }

  /** Domains, addresses and prefixes. */
  get count(): number {
    return this.#domains.size + this.#networks.count
  }

  /** `name`: A-labels in lower case, without the trailing dot. */
  coversName(name: string): boolean {
    if (this.#domains.size === 0) return false
    for (let rest = name; ;) {
      if (this.#domains.has(rest)) return true
      const dot = rest.indexOf('.')
      if (dot < 0) return false
      rest = rest.slice(dot + 1)
    }
  }

  /** False for text that is no address. An IPv4-mapped IPv6 address is the IPv4 address inside. */
  coversAddress(text: string): boolean {
    return this.#networks.cover(text)
  }
}

/** Prefixes by family and length: a look-up costs one key for each length that occurs, however long the list is. */
class Networks {
  count = 0
  readonly #byLength = { 4: new Map<number, Set<string>>(), 6: new Map<number, Set<string>>() }

  add(family: 4 | 6, bits: number, key: string): void {
    const keys = this.#byLength[family].get(bits) ?? new Set()
    this.count += keys.has(key) ? 0 : 1
    this.#byLength[family].set(bits, keys.add(key))
  }

  cover(text: string): boolean {
    if (this.count === 0) return false
    const address = parseAddress(text)
    if (address === null) return false
    for (const [bits, keys] of this.#byLength[address.family])
      if (keys.has(prefixKey(address, bits))) return true
    return false
  }
}

const LABEL = /^[a-z0-9_-]{1,63}$/
/** A last label of digits alone is meant as an address (RFC 1123, section 2.1). */
const NUMBER_AT_END = /(?:^|\.)\d+$/

/** A public suffix is welcome here: a registry may speak for all that it delegates. */
function readDomain(entry: string): { readonly name: string } | { readonly refusal: string } {
  if (/[/:]/.test(entry)) return { refusal: `"${shown(entry)}" is neither an address nor a prefix` }
  const mapped = toAsciiName(entry)
  if (!mapped.ok) return { refusal: mapped.reason }
  const name = mapped.ascii.replace(/\.$/, '')
  if (NUMBER_AT_END.test(name)) return { refusal: `"${shown(entry)}" is neither an address nor a prefix` }
  if (name === '') return { refusal: `"${shown(entry)}" is the root, which covers every name` }
  return name.length <= 253 && name.split('.').every((label) => LABEL.test(label))
    ? { name }
    : { refusal: `"${shown(entry)}" is not a domain name` }
}

function shown(entry: string): string {
  return entry.length <= 60 ? entry : `${entry.slice(0, 59)}…`
}
