// Builds a query: one question and, unless told otherwise, one OPT record. Id and case bits come from outside.
import type { Question } from '../../core/dns/record.ts'
import { optRecord, type EdnsOptions } from './edns-encoder.ts'
import { MAX_NAME_OCTETS } from './name-decoder.ts'
import { writeName } from './name-encoder.ts'
import { CLASS_IN, TYPE_CODES } from './type-code.ts'

export type { EdnsOptions } from './edns-encoder.ts'

export interface QueryOptions {
  /** Null leaves the OPT record away (RFC 6891, section 6.2.2). */
  readonly edns: EdnsOptions | null
  /** The RD bit: false when an authority is asked. */
  readonly recursionDesired: boolean
}

export interface EncodedQuery {
  readonly bytes: Uint8Array
  /** Offset behind the question: octets 12 to here must come back unchanged. */
  readonly questionEnd: number
  /** The name asked for as a decoder would write it, in lower case; null when only decoding tells. */
  readonly canonicalName: string | null
}

/** Names of these characters alone are written by every decoder as they are asked for. */
const CANONICAL_NAME = /^[a-z0-9_-]+(?:\.[a-z0-9_-]+)*$/

/** Octets of the name in an encoded query start here. */
export const QUESTION_START = 12

const QUESTION_FIXED_OCTETS = 4

/** Queries are written one behind the other into blocks: an allocation of its own for each costs more than the encoding. */
const BLOCK_OCTETS = 16_384
let block = new Uint8Array(0)
let used = 0

/** OPT records that do not depend on the length of the message, by the (immutable) options that they were made of. */
const optRecords = new WeakMap<EdnsOptions, Uint8Array>()
const NO_OPT = new Uint8Array(0)

/**
 * Encodes a query. `caseBits`, from the octet `caseAt` on: bit by bit, whether an octet of the name becomes upper case (the
 * 0x20 trick; an octet for each eight of the name is enough); null keeps the name. The bytes are the caller's for ever.
 * Throws RangeError for a name that cannot be written.
 */
export function encodeQuery(
  question: Question,
  id: number,
  options: QueryOptions,
  caseBits: Uint8Array | null,
  caseAt = 0,
): EncodedQuery {
  const room = QUESTION_START + MAX_NAME_OCTETS + QUESTION_FIXED_OCTETS
  if (used + room > block.length) nextBlock()
  const start = used
  const nameEnd = writeName(question.name, block, start + QUESTION_START)
  const questionEnd = nameEnd + QUESTION_FIXED_OCTETS - start
  const opt = optFor(options.edns, questionEnd)
  if (start + questionEnd + opt.length > block.length) {
    nextBlock(questionEnd + opt.length)
    return encodeQuery(question, id, options, caseBits, caseAt)
  }
  block[start] = id >> 8
  block[start + 1] = id & 0xff
  block[start + 2] = options.recursionDesired ? 0x01 : 0
  block[start + 3] = 0
  block[start + 4] = 0
  block[start + 5] = 1
  for (let at = start + 6; at < start + 11; at++) block[at] = 0
  block[start + 11] = opt === NO_OPT ? 0 : 1
  if (caseBits !== null) scatterCase(block, start + QUESTION_START, nameEnd, caseBits, caseAt)
  block[nameEnd] = 0
  block[nameEnd + 1] = TYPE_CODES[question.type]
  block[nameEnd + 2] = 0
  block[nameEnd + 3] = CLASS_IN
  const optStart = start + questionEnd
  for (let index = 0; index < opt.length; index++) block[optStart + index] = opt[index]!
  used = optStart + opt.length
  return { bytes: block.subarray(start, used), questionEnd, canonicalName: canonicalNameOf(question.name) }
}

/** The name that was looked at last, and what came of it: a name is asked about in many ways in a row. */
let lastName = ''
let lastCanonicalName: string | null = null

function canonicalNameOf(name: string): string | null {
  if (name !== lastName) {
    lastName = name
    lastCanonicalName = CANONICAL_NAME.test(name) ? name : null
  }
  return lastCanonicalName
}

function nextBlock(atLeast = 0): void {
  block = new Uint8Array(Math.max(BLOCK_OCTETS, atLeast + MAX_NAME_OCTETS))
  used = 0
}

function optFor(edns: EdnsOptions | null, octetsBefore: number): Uint8Array {
  if (edns === null) return NO_OPT
  if (edns.paddingBlockOctets !== undefined) return optRecord(edns, octetsBefore)
  let opt = optRecords.get(edns)
  if (opt === undefined) {
    opt = optRecord(edns, octetsBefore)
    optRecords.set(edns, opt)
  }
  return opt
}

/** Length octets are at most 63 and no letters, so the whole name can be walked without looking at labels. */
function scatterCase(
  bytes: Uint8Array,
  start: number,
  end: number,
  caseBits: Uint8Array,
  caseAt: number,
): void {
  for (let at = start; at < end; at++) {
    const lower = bytes[at]! | 0x20
    if (lower < 0x61 || lower > 0x7a) continue
    const index = at - start
    const upper = ((caseBits[caseAt + (index >> 3)] ?? 0) >> (index & 7)) & 1
    bytes[at] = upper === 1 ? lower & ~0x20 : lower
  }
}
