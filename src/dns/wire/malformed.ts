// Why bytes are no DNS message.

/**
 * `short`: the bytes end before what the counts and lengths promise · `bad_label`: a label type other than text or
 * pointer · `bad_pointer`: a compression pointer that does not point backwards · `long_name`: over 255 octets ·
 * `bad_rdata`: the data does not fill its length exactly · `two_opts`: more than one OPT record, which RFC 6891, section
 * 6.1.1 forbids: nobody could say which of them counts.
 */
export type MalformedReason = 'short' | 'bad_label' | 'bad_pointer' | 'long_name' | 'bad_rdata' | 'two_opts'

/** The reasons as the negative numbers that the checks of wire/ return in place of an offset. */
export const FAULT = {
  short: -1,
  bad_label: -2,
  bad_pointer: -3,
  long_name: -4,
  bad_rdata: -5,
  two_opts: -6,
} as const satisfies Record<MalformedReason, number>

const REASONS = new Map<number, MalformedReason>(
  Object.entries(FAULT).map(([reason, fault]) => [fault, reason as MalformedReason]),
)

/** The reason of a negative number. */
export function reasonOf(fault: number): MalformedReason {
  return REASONS.get(fault) ?? 'short'
}
