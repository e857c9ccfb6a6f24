// The closed vocabulary of what can come of one DNS question. Outcomes are data and are never thrown.
import type { ResourceRecord } from './record.ts'

/** `answer`: the type asked for is there · `nodata`: the name exists without it · `nxdomain` · `failed`: see the kind. */
export type Outcome = 'answer' | 'nodata' | 'nxdomain' | 'failed'

/**
 * Why a question has no usable reply.
 *
 * The resolver's or the zone's doing: `timeout`, `servfail`, `refused`, `formerr`, `notimp`, `rcode_other`, `malformed`
 * (bytes that are no DNS message), `tcp_failed` (truncated, and TCP brought nothing).
 * Our own doing, which says nothing about the name: `network` (the socket failed), `vantage_down` (this vantage answers
 * nothing at all at the moment), `throttled` (our own rate limit would have made the question late).
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
  | 'network'
  | 'vantage_down'
  | 'throttled'

/** What one question to one server brought. */
export interface Reply {
  readonly outcome: Outcome
  /** Set exactly when `outcome` is `failed`. */
  readonly failure?: FailureKind
  /** Mnemonic of RFC 6895 (`NOERROR`, `NXDOMAIN`, `SERVFAIL`, …), `TIMEOUT` when nothing came. */
  readonly rcode: string
  /** From the first packet sent to the packet that decided; milliseconds. */
  readonly rttMs: number
  readonly transport: 'udp' | 'tcp'
  /** Packets sent, retries included. */
  readonly attempts: number
  readonly answer: readonly ResourceRecord[]
  readonly authority: readonly ResourceRecord[]
  readonly additional: readonly ResourceRecord[]
}

/** Whether the failure lies with us and so tells nothing about the name that was asked. */
export function isOwnFailure(kind: FailureKind): boolean {
  return kind === 'network' || kind === 'vantage_down' || kind === 'throttled'
}
