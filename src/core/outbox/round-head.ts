// What the observations of one round have in common, and the ids that follow from it. An id of another form leaves the start unknown.
import { roundIdPrefix, type StoredObservation } from '../model/observation.ts'
import { parseTargetId, targetId, type TargetId, type TargetKind } from '../model/target.ts'
import type { ByteReader } from '../series/byte-reader.ts'
import type { ByteWriter } from '../series/byte-writer.ts'
import { readAmount, writeAmount } from './packed-amount.ts'
import type { TextReader } from './text-reader.ts'
import type { TextWriter } from './text-writer.ts'

export interface RoundHead {
  readonly target: TargetId
  readonly round: number
  /** When the round began, ms; null when its ids do not tell. */
  readonly startedAt: number | null
  /** What its ids begin with; empty when the start is not known. */
  readonly idPrefix: string
}

/** Digits of base 36 that always fit into 2⁵³. */
const LONGEST_START = 10
const ZERO = 48
const NINE = 57
const LETTER_A = 97
const LETTER_Z = 122

const KINDS: readonly TargetKind[] = ['host', 'zone']

/** The head of the round that the observation belongs to. */
export function roundHeadOf({ target, round, id }: StoredObservation): RoundHead {
  const known = `${target}/${round}@`
  if (id.startsWith(known)) {
    const end = id.indexOf('/', known.length)
    const startedAt = parseStart(id, known.length, end)
    if (startedAt !== null) return { target, round, startedAt, idPrefix: id.slice(0, end + 1) }
  }
  return { target, round, startedAt: null, idPrefix: '' }
}

/** A whole number in base 36, when it stands there as `toString` writes it. Null otherwise. */
function parseStart(id: string, start: number, end: number): number | null {
  if (end <= start || end - start > LONGEST_START || (id.charCodeAt(start) === ZERO && end - start > 1))
    return null
  let value = 0
  for (let index = start; index < end; index += 1) {
    const code = id.charCodeAt(index)
    const isDigit = code >= ZERO && code <= NINE
    if (!isDigit && (code < LETTER_A || code > LETTER_Z)) return null
    value = value * 36 + code - (isDigit ? ZERO : LETTER_A - 10)
  }
  return value
}

export function isOfRound({ target, round, idPrefix }: RoundHead, row: StoredObservation): boolean {
  return row.round === round && row.target === target && row.id.startsWith(idPrefix)
}

/** The name stands apart from the kind: it is also the name that was asked for. */
export function writeRoundHead(to: ByteWriter, texts: TextWriter, head: RoundHead): void {
  const { kind, name } = parseTargetId(head.target)
  to.count(KINDS.indexOf(kind) * 2 + (head.startedAt === null ? 0 : 1))
  texts.text(name)
  writeAmount(to, head.round)
  if (head.startedAt !== null) writeAmount(to, head.startedAt)
}

export function readRoundHead(from: ByteReader, texts: TextReader): RoundHead {
  const bits = from.count()
  const kind = KINDS[bits >> 1]
  if (kind === undefined) throw new Error(`Expected the kind of a target, got ${bits >> 1}`)
  const target = targetId({ kind, name: texts.text() })
  const round = readAmount(from)
  if ((bits & 1) === 0) return { target, round, startedAt: null, idPrefix: '' }
  const startedAt = readAmount(from)
  return { target, round, startedAt, idPrefix: roundIdPrefix(target, round, startedAt) }
}
