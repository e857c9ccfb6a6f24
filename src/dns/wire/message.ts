// A decoded message: what the packet said, nothing judged yet.
import type { ResourceRecord } from '../../core/dns/record.ts'

/** The question as the packet carried it: `name` keeps its case, for the 0x20 comparison. */
export interface WireQuestion {
  readonly name: string
  readonly typeCode: number
  readonly classCode: number
}

/** What the OPT record said (RFC 6891). */
export interface WireEdns {
  readonly udpSizeOctets: number
  readonly version: number
}

export interface DnsMessage {
  readonly id: number
  readonly isResponse: boolean
  readonly opcode: number
  readonly authoritative: boolean
  readonly truncated: boolean
  readonly recursionAvailable: boolean
  /** With the upper eight bits of the OPT record, if there is one. */
  readonly rcode: number
  readonly questions: readonly WireQuestion[]
  readonly answer: readonly ResourceRecord[]
  readonly authority: readonly ResourceRecord[]
  /** Without the OPT record. */
  readonly additional: readonly ResourceRecord[]
  readonly edns: WireEdns | null
}
