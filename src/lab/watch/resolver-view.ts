// A recursive resolver as a vantage: honest caches, one or two of them, and the observations that its replies make.
import type { Question, QuestionType } from '../../core/dns/record.ts'
import type { Outcome } from '../../core/dns/reply.ts'
import type { Observation } from '../../core/model/observation.ts'
import { createCachingResolver } from '../caching-resolver.ts'
import type { CachingResolver } from '../caching-resolver.ts'
import type { LabReply, NameSpace } from '../name-space.ts'
import type { Dice } from '../random.ts'
import type { Mishap, ResolverVantage, VantageView } from './watch-vantage.ts'

export interface ResolverViewParts {
  readonly space: NameSpace
  /** Which of a farm's caches a question meets. */
  readonly dice: Dice
  readonly mishap: Mishap
  readonly replyDelayMs: () => number
}

export function resolverView(vantage: ResolverVantage, parts: ResolverViewParts): VantageView {
  const { id, region, missRatio = 0 } = vantage
  const { space, dice, mishap } = parts
  let now = 0
  const reaching = (question: Question, resolve: () => LabReply): LabReply => {
    const failure = mishap(id, question, now)
    return failure === null ? resolve() : FAILED[failure]
  }
  // A cached copy never fails: only what has to be asked of the authorities can.
  const world: NameSpace = {
    ...space,
    resolve: (question, moment) => reaching(question, () => space.resolve(question, moment)),
    resolveMinimally: (question, moment) =>
      reaching(question, () => space.resolveMinimally(question, moment)),
  }
  const openCache = (): CachingResolver =>
    createCachingResolver({ world, clock: { now: () => now }, region, minimalResponses: true })
  const cache = openCache()
  const otherCache = missRatio > 0 ? openCache() : cache
  return {
    id,
    isDirect: false,
    look(question, at) {
      now = at
      const isMiss = missRatio > 0 && dice.ratio('farm', id, question.name, question.type, at) < missRatio
      return [
        observe(id, question, at, (isMiss ? otherCache : cache).resolve(question), parts.replyDelayMs()),
      ]
    },
  }
}

const FAILED: Readonly<Record<'timeout' | 'servfail', LabReply>> = {
  timeout: { rcode: 'TIMEOUT', answer: [], authority: [], additional: [] },
  servfail: { rcode: 'SERVFAIL', answer: [], authority: [], additional: [] },
}

function observe(
  vantage: string,
  question: Question,
  at: number,
  reply: LabReply,
  delayMs: number,
): Observation {
  const outcome = outcomeOf(reply, question.type)
  return {
    at: at + delayMs,
    vantage,
    qname: question.name,
    qtype: question.type,
    outcome,
    ...(outcome === 'failed' && { failure: reply.rcode === 'TIMEOUT' ? 'timeout' : 'servfail' }),
    rcode: reply.rcode,
    rttMs: delayMs,
    answer: reply.answer,
    authority: reply.authority,
    additional: reply.additional,
  }
}

function outcomeOf(reply: LabReply, type: QuestionType): Outcome {
  if (reply.rcode === 'NXDOMAIN') return 'nxdomain'
  if (reply.rcode !== 'NOERROR') return 'failed'
  return reply.answer.some((record) => record.type === type) ? 'answer' : 'nodata'
}
