// Whether an address sits with a consumer access provider or with a hosting company, cloud, CDN or university, by the
// words in the AS owner's name. Crude: it knows only organisations that name their trade in English or a common brand.
import type { Owner } from './operator.ts'

export type NetworkKind = 'access' | 'server'

// Hand-written, unvalidated. "Server" words win: "Telekom Cloud" is no home. Whole words, except where a stem is meant.
const SERVER_WORDS =
  /\b(hosting|hosted|hoster|cloud\w*|data ?cent(er|re)s?|servers?|vps|cdn|colo\w*|universit\w*|univ|college|research|academic|institut\w*|volunteer|amazon\w*|google|microsoft|azure|akamai|fastly|ovh|hetzner|digitalocean|linode|leaseweb|equinix|oracle|alibaba|tencent|contabo|ionos|vultr|choopa)\b/i
const ACCESS_WORDS =
  /\b(isp|broadband|cable\w*|dsl|adsl|fib(er|re)|ftth|tele(com\w*|kom\w*|fonica|net|phone)|mobile|cellular|wireless|residential|consumer|internet service\w*|communications?|comcast|verizon|vodafone|orange|charter|spectrum|kyivstar|ukrtelecom|rostelecom|beeline|vnpt|viettel|bharti|airtel|claro|turkcell)\b/i

/** Null when the name is unknown or says nothing. */
export function networkKind({ organisation }: Owner): NetworkKind | null {
  if (organisation === null) return null
  let kind = KNOWN.get(organisation)
  if (kind === undefined) {
    if (KNOWN.size === MOST_KNOWN) KNOWN.clear()
    KNOWN.set(organisation, (kind = readKind(organisation)))
  }
  return kind
}

// The same few owners come again in every assessment, and reading a name costs more than all else that is done with an address. A
// memo of a pure function: nobody can tell whether it is there.
const MOST_KNOWN = 4096
const KNOWN = new Map<string, NetworkKind | null>()

function readKind(organisation: string): NetworkKind | null {
  if (SERVER_WORDS.test(organisation)) return 'server'
  return ACCESS_WORDS.test(organisation) ? 'access' : null
}
