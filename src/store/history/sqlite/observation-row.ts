// How an observation lies in a row of the table, and back. Decides the columns' content only; the table is schema-3.ts's.
import type { DatabaseSync, SQLInputValue, SQLOutputValue } from 'node:sqlite'
import { rowKey } from '../../../core/history/row-key.ts'
import { observationId, roundIdPrefix, type StoredObservation } from '../../../core/model/observation.ts'
import { parseTargetId, targetId, type TargetId } from '../../../core/model/target.ts'
import { isOfRound, roundHeadOf, type RoundHead } from '../../../core/outbox/round-head.ts'
import { Dictionary, TEXTS, VANTAGES } from './dictionary.ts'
import { Forms } from './forms.ts'
import { sectionOf, sectionText } from './section-text.ts'

export const OBSERVATION_COLUMNS =
  'target, at, key, round, since_start, vantage, qname, form, rtt_us, answer, authority, additional, more'

/** Where among the values the number of the vantage stands. */
export const VANTAGE_PLACE = 5

/** A replayed row is left as it was. Only the key may clash: any other broken constraint is an error. */
export const INSERT_SQL = `INSERT INTO observation (${OBSERVATION_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
  ON CONFLICT (target, at, key) DO NOTHING`

/** What few observations have. */
interface More {
  server?: readonly [name: string, address: string]
  scope?: number
  errors?: readonly (readonly [code: number, text: string])[]
  told?: readonly [firstSeen: number, count: number]
  /** ms. */
  rtt?: number
  id?: string
  suffix?: string
}

/** Turns observations into rows and back, with the dictionaries of one open file. */
export class ObservationRows {
  readonly texts: Dictionary
  readonly vantages: Dictionary
  readonly forms: Forms
  #target: TargetId | null = null
  #targetNumber = 0
  #targetName = ''
  #head: RoundHead | null = null

  constructor(database: DatabaseSync) {
    this.texts = new Dictionary(database, TEXTS)
    this.vantages = new Dictionary(database, VANTAGES)
    this.forms = new Forms(database)
  }

  /** After a transaction that was undone. */
  forget(): void {
    this.#target = null
    this.texts.forget()
    this.vantages.forget()
    this.forms.forget()
  }

  /** The number of a target; null when nothing of it is stored. */
  findTarget(target: TargetId): number | null {
    const { kind, name } = parseTargetId(target)
    const ref = this.texts.find(name)
    return ref === null ? null : ref * 2 + (kind === 'zone' ? 1 : 0)
  }

  /** The values for `INSERT_SQL`. Inside a transaction that writes. */
  toValues(row: StoredObservation): SQLInputValue[] {
    const { id, qname, at, rttMs } = row
    this.#turnTo(row)
    const { startedAt, idPrefix } = this.#head!
    const toldLength = startedAt === null ? -1 : toldIdLength(idPrefix, row)
    const isTold = toldLength !== -1
    const micros = Math.round(rttMs * 1000)
    const isPlainRtt = micros / 1000 === rttMs
    return [
      this.#targetNumber,
      at,
      rowKey(id),
      row.round,
      isTold ? at - startedAt! : null,
      this.vantages.numberOf(row.vantage),
      qname === this.#targetName ? null : this.texts.numberOf(qname),
      this.forms.numberOf(row),
      isPlainRtt ? micros : null,
      sectionText(row.answer, qname),
      sectionText(row.authority, qname),
      sectionText(row.additional, qname),
      moreText(row, toldLength, isPlainRtt),
    ]
  }

  /** Inverse of `toValues`. Trusts the row: only `toValues` writes the table. */
  fromRow(row: Record<string, SQLOutputValue>): StoredObservation {
    const targetNumber = row['target'] as number
    const targetName = this.texts.textOf(Math.floor(targetNumber / 2))
    const target = targetId({ kind: targetNumber % 2 === 0 ? 'host' : 'zone', name: targetName })
    const qname = row['qname'] === null ? targetName : this.texts.textOf(row['qname'] as number)
    const more = row['more'] === null ? NO_MORE : (JSON.parse(row['more'] as string) as More)
    const { server, scope, errors, told } = more
    const at = row['at'] as number
    const round = row['round'] as number
    const { qtype, outcome, failure, rcode, freshness, authoritative, side } = this.forms.formOf(
      row['form'] as number,
    )
    const rest = {
      target,
      round,
      at,
      vantage: this.vantages.textOf(row['vantage'] as number),
      qname,
      qtype,
      outcome,
      ...(failure !== undefined && { failure }),
      rcode,
      rttMs: more.rtt ?? (row['rtt_us'] as number) / 1000,
      answer: sectionOf(row['answer'] as string | null, qname),
      authority: sectionOf(row['authority'] as string | null, qname),
      additional: sectionOf(row['additional'] as string | null, qname),
      ...(authoritative !== undefined && { authoritative }),
      ...(scope !== undefined && { clientSubnetScope: scope }),
      ...(errors !== undefined && { extendedErrors: errors.map(([code, text]) => ({ code, text })) }),
      ...(server !== undefined && { server: { name: server[0], address: server[1] } }),
      ...(side !== undefined && { side }),
      ...(freshness !== undefined && { freshness }),
      ...(told !== undefined && { told: { firstSeen: told[0], count: told[1] } }),
    }
    const sinceStart = row['since_start'] as number | null
    if (sinceStart === null) return { id: more.id ?? '', ...rest }
    return {
      id: observationId(roundIdPrefix(target, round, at - sinceStart), rest) + (more.suffix ?? ''),
      ...rest,
    }
  }

  /** Rows of one target, and of one round of it, stand together mostly. */
  #turnTo(row: StoredObservation): void {
    if (this.#target !== row.target) {
      const { kind, name } = parseTargetId(row.target)
      this.#targetNumber = this.texts.numberOf(name) * 2 + (kind === 'zone' ? 1 : 0)
      this.#targetName = name
      this.#target = row.target
      this.#head = null
    }
    const head = this.#head
    if (head === null || head.startedAt === null || !isOfRound(head, row)) this.#head = roundHeadOf(row)
  }
}

const NO_MORE: More = {}

/** How much of the id is what `observationId` makes; -1 when it begins otherwise. Nearly always all, which costs no other text. */
function toldIdLength(idPrefix: string, row: StoredObservation): number {
  const { id, vantage, qname, qtype, side, server } = row
  const plainLength = idPrefix.length + vantage.length + qname.length + qtype.length + 2
  const isPlain = side === undefined && server === undefined && id.length === plainLength
  if (isPlain && id.startsWith(vantage, idPrefix.length)) {
    if (id.endsWith(qtype) && id.startsWith(qname, idPrefix.length + vantage.length + 1)) {
      const slash = idPrefix.length + vantage.length
      if (id[slash] === '/' && id[slash + qname.length + 1] === '/') return plainLength
    }
  }
  const told = observationId(idPrefix, row)
  return id.startsWith(told) ? told.length : -1
}

/** `toldLength`: how much of the id follows from the rest; -1 when it stands whole. */
function moreText(row: StoredObservation, toldLength: number, isPlainRtt: boolean): string | null {
  const { server, clientSubnetScope, extendedErrors, told: sum } = row
  const isPlainId = row.id.length === toldLength
  if (isPlainId && isPlainRtt && server === undefined && clientSubnetScope === undefined) {
    if (extendedErrors === undefined && sum === undefined) return null
  }
  const more: More = {
    ...(server !== undefined && { server: [server.name, server.address] }),
    ...(clientSubnetScope !== undefined && { scope: clientSubnetScope }),
    ...(extendedErrors !== undefined && { errors: extendedErrors.map(({ code, text }) => [code, text]) }),
    ...(sum !== undefined && { told: [sum.firstSeen, sum.count] }),
    ...(!isPlainRtt && { rtt: row.rttMs }),
    ...(toldLength === -1 ? { id: row.id } : !isPlainId && { suffix: row.id.slice(toldLength) }),
  }
  return JSON.stringify(more)
}
