// The words that packed observations know without being told, and the numbers before them that announce a text. The order is the
// form: words are only ever added at the end, and no more than there is room for.

/** What stands where a text is meant. Numbers from `KNOWN_AFTER` on mean a known word, from `SEEN_AFTER` on a text seen before. */
export const TEXT_MARKS = { text: 0, codeUnits: 1, ipv4: 2, ipv6: 3 } as const

export const KNOWN_AFTER = 4
/** Half of what one byte can say is left to the texts of the buffer. */
export const SEEN_AFTER = 64

const TYPES = 'A AAAA NS SOA CNAME PTR TXT MX DNAME OPT RRSIG NSEC NSEC3 DS'
const RCODES = 'NOERROR FORMERR SERVFAIL NXDOMAIN NOTIMP REFUSED TIMEOUT'
const FAILURES =
  'timeout servfail refused formerr notimp rcode_other malformed tcp_failed lame unreachable_zone network http_error vantage_down throttled opted_out'

/** Words that are not among them are written out. */
export const KNOWN_WORDS: readonly string[] = `${TYPES} ${RCODES} ${FAILURES}`.split(' ')
