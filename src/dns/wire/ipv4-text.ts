// The text of an IPv4 address. A table, because most of the data of most replies is this.
const OCTET_TEXT: readonly string[] = Array.from({ length: 256 }, (_, octet) => String(octet))

/** The four octets from `at` on, in dotted decimal. */
export function ipv4Text(bytes: Uint8Array, at: number): string {
  return `${OCTET_TEXT[bytes[at]!]!}.${OCTET_TEXT[bytes[at + 1]!]!}.${OCTET_TEXT[bytes[at + 2]!]!}.${OCTET_TEXT[bytes[at + 3]!]!}`
}
