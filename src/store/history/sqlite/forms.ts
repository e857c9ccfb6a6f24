// How questions come out: the few combinations of type, outcome and what a reply said, each as one number in the rows.
import type { DatabaseSync, StatementSync } from 'node:sqlite'
import type { QuestionType } from '../../../core/dns/record.ts'
import type { FailureKind, Outcome } from '../../../core/dns/reply.ts'
import type { Freshness, StoredObservation } from '../../../core/model/observation.ts'
import { RecentMap } from './recent-map.ts'

/** What a form says of an observation. */
export type Form = Pick<
  StoredObservation,
  'qtype' | 'outcome' | 'failure' | 'rcode' | 'freshness' | 'authoritative' | 'side'
>

const COLUMNS = ['qtype', 'outcome', 'failure', 'rcode', 'freshness', 'authoritative', 'side'] as const
/** There are some dozens; a server that makes up response codes shall fill no memory. */
const MOST_REMEMBERED = 4_096

export class Forms {
  readonly #select: StatementSync
  readonly #read: StatementSync
  readonly #add: StatementSync
  readonly #numbers = new RecentMap<string, Map<string, number[]>>(MOST_REMEMBERED)
  readonly #forms = new RecentMap<number, Form>(MOST_REMEMBERED)

  constructor(database: DatabaseSync) {
    const columns = COLUMNS.join(', ')
    this.#select = database.prepare(
      `SELECT number FROM form WHERE ${COLUMNS.map((column) => `${column} = ?`).join(' AND ')}`,
    )
    this.#read = database.prepare(`SELECT ${columns} FROM form WHERE number = ?`)
    this.#add = database.prepare(`INSERT INTO form (${columns}) VALUES (?, ?, ?, ?, ?, ?, ?)`)
  }

  /** The number of an observation's form, which it is given when it has none. Inside a transaction that writes. */
  numberOf(form: Form): number {
    // Words that come again and again are looked up one by one, which is faster than making a key of all of them.
    const { rcode, failure, qtype } = form
    const words = failure === undefined ? rcode : `${rcode}\n${failure}`
    let numbers = this.#numbers.get(words)?.get(qtype)
    if (numbers === undefined) {
      numbers = []
      const ofWords = this.#numbers.get(words) ?? new Map<string, number[]>()
      ofWords.set(qtype, numbers)
      this.#numbers.set(words, ofWords)
    }
    return (numbers[placeOf(form)] ??= this.#find(form))
  }

  #find(form: Form): number {
    const { qtype, outcome, failure = '', rcode, freshness = '', authoritative, side = '' } = form
    const said = authoritative === undefined ? '' : authoritative ? 'yes' : 'no'
    const values = [qtype, outcome, failure, rcode, freshness, said, side]
    const row = this.#select.get(...values)
    return row === undefined ? Number(this.#add.run(...values).lastInsertRowid) : Number(row['number'])
  }

  /** Inverse of `numberOf`. Throws an Error for a number that no form has. */
  formOf(number: number): Form {
    const known = this.#forms.get(number)
    if (known !== undefined) return known
    const row = this.#read.get(number) as Record<(typeof COLUMNS)[number], string> | undefined
    if (row === undefined) throw new Error(`The history file has no form ${number}`)
    const form: Form = {
      qtype: row.qtype as QuestionType,
      outcome: row.outcome as Outcome,
      ...(row.failure !== '' && { failure: row.failure as FailureKind }),
      rcode: row.rcode,
      ...(row.freshness !== '' && { freshness: row.freshness as Freshness }),
      ...(row.authoritative !== '' && { authoritative: row.authoritative === 'yes' }),
      ...(row.side !== '' && { side: row.side as 'parent' | 'child' }),
    }
    this.#forms.set(number, form)
    return form
  }

  /** After a transaction that was undone. */
  forget(): void {
    this.#numbers.clear()
    this.#forms.clear()
  }
}

const OUTCOMES: readonly Outcome[] = ['answer', 'nodata', 'nxdomain', 'failed']

/** Among the forms with the same words. */
function placeOf({ outcome, freshness, authoritative, side }: Form): number {
  const fresh = freshness === undefined ? 0 : freshness === 'fresh' ? 1 : 2
  const said = authoritative === undefined ? 0 : authoritative ? 1 : 2
  const cut = side === undefined ? 0 : side === 'parent' ? 1 : 2
  return OUTCOMES.indexOf(outcome) * 27 + fresh * 9 + said * 3 + cut
}
