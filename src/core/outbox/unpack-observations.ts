// Reads what pack-observations.ts wrote, part by part in the same order.
import type { QuestionType } from '../dns/record.ts'
import type { ExtendedError, FailureKind } from '../dns/reply.ts'
import { observationId, type StoredObservation } from '../model/observation.ts'
import { ByteReader } from '../series/byte-reader.ts'
import { PACKED_VERSION } from './pack-observations.ts'
import { readAmount } from './packed-amount.ts'
import { readRecords } from './packed-records.ts'
import { readRoundHead, type RoundHead } from './round-head.ts'
import { AUTHORITATIVE_BITS, FRESHNESS_BITS, OUTCOMES, SHAPE, SIDE_BITS } from './row-shape.ts'
import { TextReader } from './text-reader.ts'

type RowInTheMaking = { -readonly [Field in keyof StoredObservation]: StoredObservation[Field] }

/** Inverse of `packObservations`. Throws an Error on bytes that end too soon, go on too long or are of another version. */
export function unpackObservations(bytes: Uint8Array): StoredObservation[] {
  const from = new ByteReader(bytes)
  const version = from.count()
  if (version !== PACKED_VERSION)
    throw new Error(`Expected observations of version ${PACKED_VERSION}, got ${version}`)
  const texts = new TextReader(from)
  const rows: StoredObservation[] = []
  let head: RoundHead | null = null
  let before = 0
  for (let left = from.count(); left > 0; left -= 1) {
    const shape = from.count()
    if ((shape & SHAPE.newRound) !== 0) {
      head = readRoundHead(from, texts)
      before = head.startedAt ?? before
    }
    if (head === null) throw new Error('Expected the head of a round')
    const row = readRow(from, texts, shape, head, before)
    before = row.at
    rows.push(row)
  }
  if (!from.isAtEnd) throw new Error('The observations end before the bytes do')
  return rows
}

function readRow(
  from: ByteReader,
  texts: TextReader,
  shape: number,
  head: RoundHead,
  before: number,
): StoredObservation {
  // The parts are read as they are named here, so their order is the order of the bytes.
  const row: RowInTheMaking = {
    id: '',
    target: head.target,
    round: head.round,
    at: (shape & SHAPE.oddTime) === 0 ? before + from.signed() : from.double(),
    vantage: texts.text(),
    qname: texts.text(),
    qtype: texts.text() as QuestionType,
    outcome: OUTCOMES[shape & SHAPE.outcome]!,
    rcode: (shape & SHAPE.rcode) === 0 ? 'NOERROR' : texts.text(),
    rttMs: (shape & SHAPE.oddRtt) === 0 ? from.count() / 1000 : from.double(),
    answer: (shape & SHAPE.answer) === 0 ? [] : readRecords(from, texts),
    authority: (shape & SHAPE.authority) === 0 ? [] : readRecords(from, texts),
    additional: (shape & SHAPE.additional) === 0 ? [] : readRecords(from, texts),
  }
  if ((shape & FRESHNESS_BITS.fresh) !== 0) row.freshness = 'fresh'
  else if ((shape & FRESHNESS_BITS.cached) !== 0) row.freshness = 'cached'
  if ((shape & AUTHORITATIVE_BITS.false) !== 0) row.authoritative = false
  else if ((shape & AUTHORITATIVE_BITS.true) !== 0) row.authoritative = true
  if ((shape & SHAPE.server) !== 0) row.server = { name: texts.text(), address: texts.text() }
  if ((shape & SIDE_BITS.parent) !== 0) row.side = 'parent'
  else if ((shape & SIDE_BITS.child) !== 0) row.side = 'child'
  if ((shape & SHAPE.failure) !== 0) row.failure = texts.text() as FailureKind
  if ((shape & SHAPE.clientSubnetScope) !== 0) row.clientSubnetScope = readAmount(from)
  if ((shape & SHAPE.extendedErrors) !== 0) row.extendedErrors = readExtendedErrors(from, texts)
  row.id = readId(texts, shape, head, row)
  return row
}

function readExtendedErrors(from: ByteReader, texts: TextReader): readonly ExtendedError[] {
  const errors: ExtendedError[] = []
  for (let left = from.count(); left > 0; left -= 1)
    errors.push({ code: readAmount(from), text: texts.text() })
  return errors
}

function readId(texts: TextReader, shape: number, head: RoundHead, row: StoredObservation): string {
  if ((shape & SHAPE.ownId) !== 0) return texts.text()
  const told = observationId(head.idPrefix, row)
  return (shape & SHAPE.idSuffix) === 0 ? told : told + texts.text()
}
