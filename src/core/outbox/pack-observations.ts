// Observations as few bytes, for the way through the outbox. unpack-observations.ts gives them back; the order in here is the form.
// What is nearly always so (ids that follow from the rest, whole ms, whole µs) costs nothing, what is not is kept all the same.
import { observationId, type StoredObservation } from '../model/observation.ts'
import { ByteWriter } from '../series/byte-writer.ts'
import { isPlainWhole, writeAmount } from './packed-amount.ts'
import { writeRecords } from './packed-records.ts'
import { isOfRound, roundHeadOf, writeRoundHead, type RoundHead } from './round-head.ts'
import { AUTHORITATIVE_BITS, FRESHNESS_BITS, OUTCOME_BITS, SHAPE, SIDE_BITS } from './row-shape.ts'
import { TextWriter } from './text-writer.ts'

/** The first byte. Never `[` or `{`, with which the JSON of before begins. */
export const PACKED_VERSION = 1

/** The rows of any number of rounds as bytes, in their order. `unpackObservations` gives equal rows back. */
export function packObservations(rows: readonly StoredObservation[]): Buffer {
  const to = new ByteWriter()
  const texts = new TextWriter(to)
  to.count(PACKED_VERSION)
  to.count(rows.length)
  let head: RoundHead | null = null
  let before = 0
  for (const row of rows) {
    const isNew: boolean = head === null || !isOfRound(head, row)
    if (head === null || isNew) {
      head = roundHeadOf(row)
      before = head.startedAt ?? before
    }
    writeRow(to, texts, row, head, isNew, before)
    before = row.at
  }
  return to.toBytes()
}

/** `before`: the time that this one is told from, ms. */
function writeRow(
  to: ByteWriter,
  texts: TextWriter,
  row: StoredObservation,
  head: RoundHead,
  isNew: boolean,
  before: number,
): void {
  const { failure, rcode, answer, authority, additional, clientSubnetScope, extendedErrors, server } = row
  const sinceBefore = row.at - before
  const rttMicros = Math.round(row.rttMs * 1000)
  const told = head.startedAt === null ? null : observationId(head.idPrefix, row)
  const idBits = told === row.id ? 0 : told !== null && row.id.startsWith(told) ? SHAPE.idSuffix : SHAPE.ownId
  const shape =
    OUTCOME_BITS[row.outcome] |
    (row.freshness === undefined ? 0 : FRESHNESS_BITS[row.freshness]) |
    (isNew ? SHAPE.newRound : 0) |
    (answer.length > 0 ? SHAPE.answer : 0) |
    (rcode === 'NOERROR' ? 0 : SHAPE.rcode) |
    (row.authoritative === undefined ? 0 : AUTHORITATIVE_BITS[row.authoritative ? 'true' : 'false']) |
    (authority.length > 0 ? SHAPE.authority : 0) |
    (additional.length > 0 ? SHAPE.additional : 0) |
    (server === undefined ? 0 : SHAPE.server) |
    (row.side === undefined ? 0 : SIDE_BITS[row.side]) |
    (failure === undefined ? 0 : SHAPE.failure) |
    (clientSubnetScope === undefined ? 0 : SHAPE.clientSubnetScope) |
    (extendedErrors === undefined ? 0 : SHAPE.extendedErrors) |
    (isPlainWhole(sinceBefore) && Object.is(before + sinceBefore, row.at) ? 0 : SHAPE.oddTime) |
    (isPlainWhole(rttMicros) && rttMicros / 1000 === row.rttMs && rttMicros >= 0 ? 0 : SHAPE.oddRtt) |
    idBits
  to.count(shape)
  if (isNew) writeRoundHead(to, texts, head)
  if ((shape & SHAPE.oddTime) === 0) to.signed(sinceBefore)
  else to.double(row.at)
  texts.text(row.vantage)
  texts.text(row.qname)
  texts.word(row.qtype)
  if (rcode !== 'NOERROR') texts.word(rcode)
  if ((shape & SHAPE.oddRtt) === 0) to.count(rttMicros)
  else to.double(row.rttMs)
  if (answer.length > 0) writeRecords(to, texts, answer)
  if (authority.length > 0) writeRecords(to, texts, authority)
  if (additional.length > 0) writeRecords(to, texts, additional)
  if (server !== undefined) {
    texts.text(server.name)
    texts.address(server.address)
  }
  if (failure !== undefined) texts.word(failure)
  if (clientSubnetScope !== undefined) writeAmount(to, clientSubnetScope)
  if (extendedErrors !== undefined) {
    to.count(extendedErrors.length)
    for (const { code, text } of extendedErrors) {
      writeAmount(to, code)
      texts.text(text)
    }
  }
  if (idBits === SHAPE.idSuffix) texts.text(row.id.slice(told!.length))
  if (idBits === SHAPE.ownId) texts.text(row.id)
}
