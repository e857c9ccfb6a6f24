// What a resource record is inside fluxwatch. Decides the shape only; the wire format lives in dns/, meaning in series/.

/** The question types that fluxwatch asks. */
export type QuestionType = 'A' | 'AAAA' | 'NS' | 'SOA' | 'CNAME' | 'PTR' | 'TXT'

/**
 * One resource record as a response carried it.
 *
 * `name` and names inside `data` are lower case without the trailing dot (the root is `""`).
 * `ttlSeconds` is the number in the packet: through a resolver mostly counted down already, never the authority's own.
 * `data` is the presentation form (RFC 1035, section 5.1): an address, a host name, or for SOA
 * `mname rname serial refresh retry expire minimum`.
 */
export interface ResourceRecord {
  readonly name: string
  readonly type: string
  readonly ttlSeconds: number
  readonly data: string
}

/** One question. `name` is an A-label name in lower case without the trailing dot. */
export interface Question {
  readonly name: string
  readonly type: QuestionType
}
