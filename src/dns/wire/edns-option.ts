// Code points of the EDNS options that we send or read (IANA, DNS EDNS0 Option Codes).
export const OPTION = {
  /** RFC 7871. */
  clientSubnet: 8,
  /** RFC 7873. */
  cookie: 10,
  /** RFC 7828. */
  keepalive: 11,
  /** RFC 7830. */
  padding: 12,
  /** RFC 8914. */
  extendedError: 15,
} as const
