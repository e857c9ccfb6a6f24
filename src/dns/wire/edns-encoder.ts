// Builds the OPT record of a query (RFC 6891) with the options that we send. What they mean in a reply is edns-decoder.ts's
// business.
import { clientSubnetOption, type ClientSubnet } from './client-subnet.ts'
import { OPTION } from './edns-option.ts'
import { OPT_CODE } from './type-code.ts'

/** What we say we can take over UDP: fits every path without fragments (DNS flag day 2020). */
const UDP_SIZE_OCTETS = 1232

export interface EdnsOptions {
  readonly clientSubnet?: ClientSubnet
  /** RFC 7873: our 8 octets, and the server's of its last reply (empty before the first). */
  readonly cookie?: { readonly client: Uint8Array; readonly server: Uint8Array }
  /** RFC 7828: asks how long an idle connection may stay. Only over TCP and TLS. */
  readonly keepalive?: boolean
  /** RFC 8467: pads the message to a multiple of so many octets. Only over encrypted transports. */
  readonly paddingBlockOctets?: number
}

/** Owner (root), type, UDP size, extended response code, version and flags, length of the options. */
const FIXED_OCTETS = 11
const OPTION_HEADER_OCTETS = 4

/** The record for a message that has `octetsBefore` octets without it; they count only for the padding. */
export function optRecord(edns: EdnsOptions, octetsBefore: number): Uint8Array {
  const options: number[] = []
  if (edns.clientSubnet) options.push(...clientSubnetOption(edns.clientSubnet))
  if (edns.cookie) {
    const { client, server } = edns.cookie
    options.push(0, OPTION.cookie, 0, client.length + server.length, ...client, ...server)
  }
  // RFC 7828, section 3.2.1: without a time-out in a query.
  if (edns.keepalive) options.push(0, OPTION.keepalive, 0, 0)
  if (edns.paddingBlockOctets !== undefined) {
    const unpadded = octetsBefore + FIXED_OCTETS + options.length + OPTION_HEADER_OCTETS
    const padding = (edns.paddingBlockOctets - (unpadded % edns.paddingBlockOctets)) % edns.paddingBlockOctets
    options.push(0, OPTION.padding, padding >> 8, padding & 0xff, ...new Uint8Array(padding))
  }
  const size = [UDP_SIZE_OCTETS >> 8, UDP_SIZE_OCTETS & 0xff]
  const length = [options.length >> 8, options.length & 0xff]
  return Uint8Array.of(0, 0, OPT_CODE, ...size, 0, 0, 0, 0, ...length, ...options)
}
