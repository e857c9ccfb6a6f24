// What the prober promises about its own cost, and whether a bench run bears it out.
import { isMeasured } from './measured.ts'
import { medianRatio, worst, type Round } from './medians.ts'
import type { MemoryResult } from './memory.ts'

export interface Target {
  readonly what: string
  readonly limit: string
  readonly measured: string
  /** Null: could not be judged here. */
  readonly met: boolean | null
}

/** Which contender's CPU time may be at most how many times another's, from the same round. */
const RATIOS: readonly [string, string, number][] = [
  ['own-plain@200', 'c-ares@200', 0.4],
  ['own-plain@1000', 'c-ares@1000', 0.4],
  ['own-plain@200', 'massdns@200', 2],
  ['own-plain@1000', 'massdns@1000', 2],
  ['own-batched@200', 'massdns@200', 1],
  ['own-batched@1000', 'massdns@1000', 1],
  ['own-batched@200', 'dnsperf@200', 1.25],
  ['own-prober-6-plain@200', 'own-plain@200', 1.25],
  ['own-prober-6-plain@1000', 'own-plain@1000', 1.25],
  ['own-prober-6-batched@200', 'own-batched@200', 1.25],
  ['own-prober-6-batched@1000', 'own-batched@1000', 1.25],
  ['own-tcp@200', 'own-plain@200', 0.6],
  ['own-tcp@1000', 'own-plain@1000', 0.6],
]

const LOSS_PERCENT = 0.1
const LOSS_ROWS = ['own-plain@1000', 'own-batched@1000', 'own-tcp@1000']

const MEMORY_KB_PER_QUERY = 1.5

export function judge(rounds: readonly Round[], memory: readonly MemoryResult[]): Target[] {
  return [
    ...RATIOS.map((ratio) => judgeRatio(rounds, ...ratio)),
    ...judgeLoss(rounds),
    ...judgeMemory(memory),
  ]
}

function judgeRatio(rounds: readonly Round[], id: string, against: string, limit: number): Target {
  const ratio = medianRatio(rounds, id, against)
  return {
    what: `CPU of ${id} / ${against}`,
    limit: `<= ${limit}`,
    measured: ratio === null ? 'not available' : ratio.toFixed(2),
    met: ratio === null ? null : ratio <= limit,
  }
}

function judgeLoss(rounds: readonly Round[]): Target[] {
  return LOSS_ROWS.map((id) => {
    const lost = worst(rounds, id, 'retriedPercent')
    const unanswered = worst(rounds, id, 'unansweredPercent')
    const known = lost !== null && unanswered !== null
    return {
      what: `packets lost and asked again, ${id}, worst round`,
      limit: `< ${LOSS_PERCENT} %`,
      measured: known ? `${lost.toFixed(3)} % (unanswered ${unanswered.toFixed(3)} %)` : 'not available',
      met: known ? lost < LOSS_PERCENT && unanswered < LOSS_PERCENT : null,
    }
  })
}

function judgeMemory(memory: readonly MemoryResult[]): Target[] {
  return memory.map((result) => {
    if ('unavailable' in result)
      return {
        what: `memory per query in flight, ${result.client}`,
        limit: `<= ${MEMORY_KB_PER_QUERY} kB`,
        measured: 'not available',
        met: null,
      }
    const kilobytes = result.residentOctetsPerQuery / 1000
    return {
      what: `memory per query in flight, ${result.client}, ${result.inFlight.toLocaleString('en')} in flight`,
      limit: `<= ${MEMORY_KB_PER_QUERY} kB`,
      measured: `${kilobytes.toFixed(2)} kB resident, ${(result.liveOctetsPerQuery / 1000).toFixed(2)} kB live`,
      met: kilobytes <= MEMORY_KB_PER_QUERY,
    }
  })
}

/** Whether every contender of the round that ran answered rightly; the bench fails otherwise. */
export function allRight(rounds: readonly Round[]): boolean {
  return rounds.every((round) =>
    [...round.values()].every((result) => !isMeasured(result) || (result.wrongPercent ?? 0) === 0),
  )
}
