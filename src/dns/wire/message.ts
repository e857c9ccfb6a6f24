// A decoded message: what the packet said, nothing judged yet.
import type { ResourceRecord } from '../../core/dns/record.ts'
import type { ExtendedError } from '../../core/dns/reply.ts'

/** The question as the packet carried it: `name` keeps its case, for the 0x20 comparison. */
export interface WireQuestion {
  readonly name: string
  readonly typeCode: number
  readonly classCode: number
}

/** What the OPT record said (RFC 6891). Options that are absent, or not well formed, are null (an empty list for errors). */
export interface WireEdns {
  readonly udpSizeOctets: number
  readonly version: number
  /** RFC 7871. */
  readonly clientSubnet: WireClientSubnet | null
  /** RFC 8914, in the order of the packet. */
  readonly extendedErrors: readonly ExtendedError[]
  /** RFC 7873: 8 octets of ours, and 8 to 32 of the server's (empty when it sent none). */
  readonly cookie: { readonly client: Uint8Array; readonly server: Uint8Array } | null
  /** RFC 7828: how long the server keeps an idle connection open; milliseconds. */
  readonly keepaliveMs: number | null
  /** RFC 7830: octets of padding; null without the option. */
  readonly paddingOctets: number | null
}

export interface WireClientSubnet {
  readonly family: 1 | 2
  readonly sourcePrefixLength: number
  readonly scopePrefixLength: number
  /** The octets that came, without those that the prefix leaves out. */
  readonly address: Uint8Array
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
  /** The name of the first question in lower case; null when there is no question. */
  readonly qname: string | null
  readonly answer: readonly ResourceRecord[]
  readonly authority: readonly ResourceRecord[]
  /** Without the OPT record. */
  readonly additional: readonly ResourceRecord[]
  readonly edns: WireEdns | null
}
