// One question to a stub resolver from its start to its Reply: asks again without EDNS when the server dislikes it.
import type { Question } from '../core/dns/record.ts'
import type { EdnsHabit } from './edns-habit.ts'
import { Inquiry, type Exchanged, type ImmediateExchange } from './exchange.ts'
import type { Pending, ReplyListener } from './pending.ts'
import { replyOf } from './reply-of-message.ts'
import { RCODE } from './wire/rcode.ts'

export class StubInquiry extends Inquiry implements Pending {
  readonly #exchange: ImmediateExchange
  readonly #habit: EdnsHabit
  readonly #question: Question
  readonly #listener: ReplyListener
  #withEdns = true
  #fellBack = false

  constructor(exchange: ImmediateExchange, habit: EdnsHabit, question: Question, listener: ReplyListener) {
    super()
    this.#exchange = exchange
    this.#habit = habit
    this.#question = question
    this.#listener = listener
  }

  ask(): void {
    this.#withEdns = !this.#fellBack && !this.#habit.dislikesEdns
    const options = this.#withEdns ? this.#habit.options : this.#habit.plainOptions
    this.#exchange.start(this.#question, options, this)
  }

  override settled(exchanged: Exchanged): void {
    const disliked = dislikesEdns(exchanged)
    if (this.#withEdns && disliked) {
      this.#fellBack = true
      return this.ask()
    }
    // Believed only with a real reply to the plain question: an error alone may have other reasons, or be a forgery.
    if (this.#fellBack && exchanged.kind === 'message' && !disliked) this.#habit.remember()
    const rttMs = this.firstSentAtMs === null ? 0 : performance.now() - this.firstSentAtMs
    const measures = { rttMs: Math.round(rttMs * 1000) / 1000, attempts: this.count }
    this.#listener.answered([replyOf(this.#question, exchanged, measures)])
  }

  override rejected(reason: unknown): void {
    this.#listener.rejected(reason)
  }

  abandon(reason: unknown): void {
    this.carrier?.abandon(reason)
  }
}

/** RFC 6891, sections 6.1.3 and 7: what a server says that does not know EDNS, or not this version of it. */
function dislikesEdns(exchanged: Exchanged): boolean {
  if (exchanged.kind !== 'message') return false
  const { rcode } = exchanged.message
  return rcode === RCODE.formerr || rcode === RCODE.notimp || rcode === RCODE.badvers
}
