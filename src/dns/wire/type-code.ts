// The numbers of the record types that fluxwatch reads and asks for, and the names of all the others (RFC 3597).
import type { QuestionType } from '../../core/dns/record.ts'

/** Code points of the types whose data we understand (IANA, DNS parameters). */
export const TYPE_CODES: Readonly<Record<QuestionType, number>> = {
  A: 1,
  NS: 2,
  CNAME: 5,
  SOA: 6,
  PTR: 12,
  TXT: 16,
  AAAA: 28,
}

/** The EDNS pseudo record (RFC 6891): never listed among the records. */
export const OPT_CODE = 41

/** The Internet class; records of another class are not listed. */
export const CLASS_IN = 1

const NAMES = new Map<number, QuestionType>(
  Object.entries(TYPE_CODES).map(([name, code]) => [code, name as QuestionType]),
)

/** Mnemonic, or `TYPE123` for a type whose data we do not read (RFC 3597, section 5). */
export function typeName(code: number): string {
  return NAMES.get(code) ?? `TYPE${code}`
}
