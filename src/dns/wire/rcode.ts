// Names of response codes (RFC 6895, section 2.3). What a code means for a question is decided in reply-of-message.ts.

export const RCODE = {
  noerror: 0,
  formerr: 1,
  servfail: 2,
  nxdomain: 3,
  notimp: 4,
  refused: 5,
  badvers: 16,
  badcookie: 23,
} as const

const NAMES: Readonly<Record<number, string>> = {
  0: 'NOERROR',
  1: 'FORMERR',
  2: 'SERVFAIL',
  3: 'NXDOMAIN',
  4: 'NOTIMP',
  5: 'REFUSED',
  6: 'YXDOMAIN',
  7: 'YXRRSET',
  8: 'NXRRSET',
  9: 'NOTAUTH',
  10: 'NOTZONE',
  11: 'DSOTYPENI',
  16: 'BADVERS',
  17: 'BADKEY',
  18: 'BADTIME',
  19: 'BADMODE',
  20: 'BADNAME',
  21: 'BADALG',
  22: 'BADTRUNC',
  23: 'BADCOOKIE',
}

/** Mnemonic of a (possibly extended, 12 bit) response code; `RCODE123` when it has none. */
export function rcodeName(code: number): string {
  return NAMES[code] ?? `RCODE${code}`
}
