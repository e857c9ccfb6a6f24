// The addresses, prefixes, autonomous systems and countries that paths name. Takes the usual spellings; what is none of them is
// refused with what would be right.
import { canonicalAddress } from '../../core/net/address.ts'
import { parseCidr } from '../../core/net/cidr.ts'
import { invalid } from '../problems/problem-error.ts'

/** RFC 6793: four octets. 0 is reserved and originates nothing (RFC 7607). */
const LAST_ASN = 2 ** 32 - 1

/** Canonical text. */
export function addressOfPath(text: string, parameter: string): string {
  const address = canonicalAddress(text)
  if (address === null) {
    throw invalid(`/path/${parameter}`, 'address', `"${parameter}" must be an IPv4 or IPv6 address.`)
  }
  return address
}

/** Canonical CIDR text. Host bits are refused, because two readers of such a prefix see two questions. */
export function prefixOfPath(address: string, length: string): string {
  const network = addressOfPath(address, 'address')
  const block = parseCidr(`${address}/${length}`)
  if (block === null) {
    const most = network.includes(':') ? 128 : 32
    throw invalid('/path/length', 'prefix_length', `"length" must be a whole number from 0 to ${most}.`)
  }
  if (!block.text.startsWith(`${network}/`)) {
    throw invalid(
      '/path/address',
      'host_bits',
      `"${address}/${length}" has bits after its prefix: ask for ${block.text}.`,
    )
  }
  return block.text
}

/** `64500` or `AS64500`. */
export function asnOfPath(text: string): number {
  const digits = /^(?:AS)?(\d{1,10})$/iu.exec(text)?.[1]
  const asn = Number(digits)
  if (digits === undefined || asn < 1 || asn > LAST_ASN) {
    throw invalid('/path/asn', 'asn', `"asn" must be a number from 1 to ${LAST_ASN}, as 64500 or AS64500.`)
  }
  return asn
}

/** Upper case. */
export function countryOfPath(text: string): string {
  if (!/^[A-Za-z]{2}$/u.test(text)) {
    throw invalid('/path/country', 'country', '"country" must be the two letters of ISO 3166-1, as DE.')
  }
  return text.toUpperCase()
}
