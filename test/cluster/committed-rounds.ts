// Rounds committed one after the other, each with its number in all that it writes, so that afterwards every target can be
// asked whether its parts agree. Everything is asked through the classes of the live state, as the service does.
import { expect } from 'vitest'
import type { VerdictName } from '../../src/core/model/assessment.ts'
import type { VerdictEntry } from '../../src/core/model/outbox.ts'
import { observationsOfEntry } from '../../src/core/outbox/round-frames.ts'
import { keys, PARTITIONS } from '../../src/store/keys.ts'
import type { RoundCommit } from '../../src/store/round-commit.ts'
import { claimAll, commitOf, host, HOUR_MS, T } from '../store/live-house.ts'
import type { StateOnRedis } from './cluster-house.ts'

/** Every round changes the verdict, so that each leaves an event. */
export function verdictOf(round: number): VerdictName {
  if (round === 0) return 'pending'
  return round % 2 === 1 ? 'flux' : 'no_flux_seen'
}

/** The round after `round`; its number stands in everything that it writes. */
export function nextRound(name: string, round: number): RoundCommit {
  return commitOf(host(name), round, {
    verdict: verdictOf(round + 1),
    against: verdictOf(round),
    asOf: T + round + 1,
    nextDueAt: T + HOUR_MS + round + 1,
  })
}

/** Commits one round after the other until told to stop, as whoever is claimed again and again. Answers the rounds committed. */
export async function keepCommitting(state: StateOnRedis, name: string, stop: AbortSignal): Promise<number> {
  let committed = 0
  while (!stop.aborted) {
    const { round } = await state.targets.load(host(name))
    const result = await state.targets.commit(nextRound(name, round))
    // A commit whose answer was lost is sent again, and finds itself done.
    expect(['committed', 'stale']).toContain(result)
    if (result === 'committed') committed += 1
  }
  return committed
}

/** When each target is due; claims them all, until an hour later. */
export async function dueTimes(state: StateOnRedis): Promise<Map<string, number>> {
  const end = T + 24 * HOUR_MS
  const claims = await Promise.all(
    PARTITIONS.map((partition) => claimAll(state.targets, partition, end, end + HOUR_MS, 100_000)),
  )
  return new Map(claims.flat().map(({ id, dueAt }) => [id, dueAt]))
}

/** How many targets have been committed how often. */
export async function roundsOf(state: StateOnRedis, targets: readonly string[]): Promise<number[]> {
  const loaded = await Promise.all(targets.map((name) => state.targets.load(host(name))))
  return loaded.map(({ round }) => round)
}

/**
 * Round, series, verdict, due time and both streams of every target tell the same number of rounds, each of them once and
 * in order. Empties the streams.
 */
export async function expectAgreement(
  state: StateOnRedis,
  targets: readonly string[],
  due: ReadonlyMap<string, number>,
): Promise<void> {
  const rows = (await state.drain(PARTITIONS.map(keys.observations), 'round')).flatMap(observationsOfEntry)
  const told = (await state.drain(PARTITIONS.map(keys.events), 'event'))
    .map((payload) => JSON.parse(String(payload)) as VerdictEntry)
    .filter(({ kind }) => kind === 'verdict')
  for (const name of targets) {
    const { round, series, watch } = await state.targets.load(host(name))
    const domain = await state.domains.get(name)
    const all = Array.from({ length: round }, (_, index) => index + 1)
    expect({
      series: series?.rounds,
      watched: watch?.verdict,
      verdict: domain?.verdict,
      judgedAt: domain?.assessment?.asOf,
      dueAt: due.get(host(name)),
      rows: rows.filter(({ target }) => target === host(name)).map((row) => row.round),
      events: told.filter(({ change }) => change.domain === name).map(({ version }) => version),
    }).toEqual({
      series: round,
      watched: verdictOf(round),
      verdict: verdictOf(round),
      judgedAt: T + round,
      dueAt: T + HOUR_MS + round,
      rows: all,
      events: all,
    })
  }
}
