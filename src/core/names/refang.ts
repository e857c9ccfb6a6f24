// Undoes what people do to names so that nobody clicks on them, and takes the host out of a URL. Knows nothing of what
// makes a name valid: it answers a host text, still in its own alphabet, for parse-domain.ts to judge.
import { isAddressNotation } from './address-notation.ts'
import { quoted, refuse } from './name-refusal.ts'
import type { RefusedName } from './name-refusal.ts'

export interface RefangedHost {
  readonly ok: true
  readonly host: string
  /** Whether anything but surrounding white space was taken away or replaced. */
  readonly refanged: boolean
}

const WRAPPINGS = ['""', "''", '``', '<>', '“”', '‘’', '«»', '„“'] as const

// Repetitions are bounded, so that no input takes more than linear time.
const BRACKETED_DOT = /\s{0,4}[[({]{1,4}\s{0,4}(?:[.\u3002\uff0e\uff61]|dot)\s{0,4}[\])}]{1,4}\s{0,4}/giu
const HALF_BRACKETED_DOT = /[[({]\.|\.[\])}]/g
const ESCAPED_DOT = /\\\./g
const BRACKETED_SEPARATOR = /[[({](:\/\/|:|\/\/|\/)[\])}]/g
// Any scheme, `hxxp`, `h**p` and `meow` among them, but no dot in it: `evil.example://x` is a host, an empty port and a path.
const SCHEME = /^(?:[a-z*][a-z0-9+*_-]*:)?[/\\]{2,}/i

/** The host of a name, a defanged name or a URL. Refuses what has no host, an e-mail address, and a port that is none. */
export function refang(input: string): RefangedHost | RefusedName {
  const trimmed = input.trim()
  const plain = unwrap(trimmed)
    .replace(BRACKETED_DOT, '.')
    .replace(HALF_BRACKETED_DOT, '.')
    .replace(ESCAPED_DOT, '.')
    .replace(BRACKETED_SEPARATOR, '$1')
  const scheme = SCHEME.exec(plain)?.[0] ?? ''
  const rest = plain.slice(scheme.length)
  // Browsers end the host at a backslash too, so `http://evil.example\@good.example` must not name the good one.
  const end = rest.search(scheme === '' ? /[/?#]/ : /[/\\?#]/)
  const authority = end === -1 ? rest : rest.slice(0, end)
  const at = authority.lastIndexOf('@')
  if (at !== -1 && scheme === '') {
    return refuse(
      'bad_character',
      `There is an "@" in ${quoted(authority)}: an e-mail address is not a domain name.`,
    )
  }
  const host = withoutPort(authority.slice(at + 1))
  return typeof host === 'string' ? { ok: true, host, refanged: host !== trimmed } : host
}

function unwrap(text: string): string {
  let inner = text
  for (;;) {
    const wrapped =
      inner.length >= 2 && WRAPPINGS.some(([open, close]) => inner[0] === open && inner.at(-1) === close)
    if (!wrapped) return inner
    inner = inner.slice(1, -1).trim()
  }
}

function withoutPort(authority: string): string | RefusedName {
  const literal = /^\[([^\]]*)\](?::[0-9]*)?$/.exec(authority)?.[1]
  if (literal !== undefined && isAddressNotation(literal)) return literal
  // A bracket that is left here is never right; the judge of characters says so, not the one of ports.
  if (authority.startsWith('[') || isAddressNotation(authority)) return authority
  const colon = authority.lastIndexOf(':')
  if (colon === -1) return authority
  const port = authority.slice(colon + 1)
  if (!/^[0-9]{0,5}$/.test(port) || Number(port) > 65_535) {
    return refuse('bad_port', `${quoted(port)} after the colon is not a port number from 0 to 65535.`)
  }
  return authority.slice(0, colon)
}
