// The closed vocabulary of what can come of one DNS question. Outcomes are data and are never thrown.
import type { ResourceRecord } from './record.ts'

/** `answer`: the type asked for is there · `nodata`: the name exists without it · `nxdomain` · `failed`: see the kind. */
export type Outcome = 'answer' | 'nodata' | 'nxdomain' | 'failed'

/**
 * Why a question has no usable reply.
 *
 * The resolver's or the zone's doing: `timeout`, `servfail`, `refused`, `formerr`, `notimp`, `rcode_other`, `malformed`
 * (bytes that are no DNS message), `tcp_failed` (truncated, and TCP brought nothing).
 * Only of a walk that asks the authorities themselves: `lame` (the server does not serve the zone that it is listed for),
 * `unreachable_zone` (no server of the zone has an address that can be found: loops, missing glue, spent limits).
 * Our own doing, which says nothing about the name: `network` (the socket failed), `http_error` (DoH answered with another
 * status or content type), `vantage_down` (this vantage answers nothing at all at the moment), `throttled` (our own rate
 * limit would have made the question late), `opted_out` (the operator asked not to be probed, or the address is
 * special-purpose: nothing was sent).
 */
export type FailureKind =
  | 'timeout'
  | 'servfail'
  | 'refused'
  | 'formerr'
  | 'notimp'
  | 'rcode_other'
  | 'malformed'
  | 'tcp_failed'
  | 'lame'
  | 'unreachable_zone'
  | 'network'
  | 'http_error'
  | 'vantage_down'
  | 'throttled'
  | 'opted_out'

export type Transport = 'udp' | 'tcp' | 'dot' | 'doh'

/** The authority that a reply came from: `name` as the delegation lists it, `address` as it was asked. */
export interface AuthorityServer {
  readonly name: string
  readonly address: string
}

/** An extended DNS error (RFC 8914): why the server says that it failed or degraded. */
export interface ExtendedError {
  /** INFO-CODE. */
  readonly code: number
  /** EXTRA-TEXT, control characters escaped; often empty. */
  readonly text: string
}

/** What one question to one server brought. */
export interface Reply {
  readonly outcome: Outcome
  /** Set exactly when `outcome` is `failed`. */
  readonly failure?: FailureKind
  /** Mnemonic of RFC 6895 (`NOERROR`, `NXDOMAIN`, `SERVFAIL`, …), `TIMEOUT` when nothing came. */
  readonly rcode: string
  /** From the first packet sent to the packet that decided; milliseconds. */
  readonly rttMs: number
  readonly transport: Transport
  /** Packets sent, retries included. */
  readonly attempts: number
  readonly answer: readonly ResourceRecord[]
  readonly authority: readonly ResourceRecord[]
  readonly additional: readonly ResourceRecord[]
  /** The AA bit; absent when nothing came. */
  readonly authoritative?: boolean
  /** SCOPE PREFIX-LENGTH of the client subnet that came back (RFC 7871); absent when none did. */
  readonly clientSubnetScope?: number
  /** Absent when the reply carries none. */
  readonly extendedErrors?: readonly ExtendedError[]
  /** Only from the `direct` vantage: who answered, and from which side of the zone cut. */
  readonly server?: AuthorityServer
  readonly side?: 'parent' | 'child'
}

const OWN_FAILURES: ReadonlySet<FailureKind> = new Set<FailureKind>([
  'network',
  'http_error',
  'vantage_down',
  'throttled',
  'opted_out',
])

/** Whether the failure lies with us and so tells nothing about the name that was asked. */
export function isOwnFailure(kind: FailureKind): boolean {
  return OWN_FAILURES.has(kind)
}
