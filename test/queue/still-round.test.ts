// Rounds of a name at rest: which of them cost no assessment, and what makes the next one assess.
import { beforeEach, describe, expect, test } from 'vitest'
import { isStill } from '../../src/core/series/still-round.ts'
import { mayRest } from '../../src/queue/still-round.ts'
import type { RoundCommit } from '../../src/store/round-commit.ts'
import { HOST, HOUR_MS, MINUTE_MS, NAME, RoundStand, T, ZONE } from './round-stand.ts'

const NAME_SERVERS = ['ns1.dns.example', 'ns2.dns.example'].map((name) => `host:${name}` as const)
/** Long enough for the verdict to come and to rest. */
const SETTLED_ROUNDS = 40

let stand: RoundStand
beforeEach(() => {
  stand = new RoundStand()
  stand.populate()
  // Addresses that anybody may have: those for documentation are nobody's, and nothing follows from them.
  stand.prober
    .answer(`${NAME} A`, ['20.1.0.1'])
    .answer(`${NAME} AAAA`, ['2606:4700::1'])
    .answer('ns1.dns.example A', ['20.2.0.1'])
    .answer('ns2.dns.example A', ['20.2.0.2'])
})

/** What the round of the name committed that is due next. */
async function nextRound(): Promise<RoundCommit> {
  const due = stand.store.dueAt(HOST)
  if (due === null) throw new Error('the name is not watched any more')
  stand.clock.advance(Math.max(0, due - stand.clock.now()))
  expect(await stand.rounds(HOST)).toEqual(['committed'])
  return stand.commits.at(-1)!
}

/** Watches the name, and its zone and name servers once, until the first round that is not assessed. */
async function comeToRest(watchUntil = T + 30 * 24 * HOUR_MS): Promise<RoundCommit[]> {
  stand.watch(null, watchUntil)
  await stand.rounds(HOST, ZONE, ...NAME_SERVERS)
  const commits: RoundCommit[] = []
  for (let round = 0; round < SETTLED_ROUNDS; round += 1) {
    const commit = await nextRound()
    commits.push(commit)
    if (commit.still) return commits
  }
  throw new Error(`no still round in ${SETTLED_ROUNDS}`)
}

describe('A name whose answers stay the same', () => {
  test('is assessed until no_flux_seen stands, and not in the round after', async () => {
    const commits = await comeToRest()
    const verdicts = commits.map((commit) => commit.domain?.verdict ?? null)
    expect(verdicts.at(-1)).toBeNull()
    const last = commits.at(-1)!
    expect(last.domain).toBeNull()
    expect(last.still).toEqual({
      judgedAgainst: expect.objectContaining({ verdict: 'no_flux_seen', fluxType: null }),
      rounds: 1,
      nextDueAt: last.nextDueAt,
    })
    expect(last.entries).toEqual([])
    expect(last.watchOver).toBeNull()
    expect(last.observations.length).toBeGreaterThan(0)
    // All before it were assessed, the one before it to `no_flux_seen`, and those before that were pending.
    const assessed = verdicts.slice(0, -1)
    expect(assessed.at(-1)).toBe('no_flux_seen')
    expect(new Set(assessed)).toEqual(new Set(['pending', 'no_flux_seen']))
    expect(await stand.store.load(HOST)).toMatchObject({
      stillRounds: 1,
      watch: { verdict: 'no_flux_seen' },
    })
  })

  test('is assessed again every sixth round', async () => {
    await comeToRest()
    const kinds: string[] = []
    for (let round = 0; round < 13; round += 1) {
      const { domain, still } = await nextRound()
      expect(domain === null).toBe(still !== null)
      kinds.push(domain === null ? `still ${still!.rounds}` : domain.verdict)
    }
    const five = ['still 1', 'still 2', 'still 3', 'still 4', 'still 5']
    expect(kinds).toEqual([...five.slice(1), 'no_flux_seen', ...five, 'no_flux_seen', 'still 1', 'still 2'])
  })

  test('is at rest from the second assessment of the verdict on, and not at the first', async () => {
    const commits = await comeToRest()
    const first = commits.find((commit) => commit.domain?.verdict === 'no_flux_seen')!
    expect(first.domain!.isAtRest).toBe(false)
    for (let round = 0; round < 5; round += 1) await nextRound()
    expect(stand.commits.at(-1)!.domain).toMatchObject({ verdict: 'no_flux_seen', isAtRest: true })
  })

  test('is looked at ever more seldom all the same, up to the longest wait', async () => {
    await comeToRest()
    const waits: number[] = []
    for (let round = 0; round < 16; round += 1) {
      const { at, nextDueAt } = await nextRound()
      waits.push(nextDueAt - at)
    }
    const longest = stand.parts.policy.maxIntervalSeconds * 1000
    expect(waits.at(-1)).toBeGreaterThan(longest * 0.94)
    expect(Math.max(...waits)).toBeLessThanOrEqual(longest)
    // The spread of a wait is 5 % at most.
    for (const [index, wait] of waits.slice(1).entries()) expect(wait).toBeGreaterThan(waits[index]! * 0.95)
  })

  test('rests as well when it has addresses of one family only', async () => {
    stand.prober.answer(`${NAME} AAAA`, [])
    const probe = stand.prober.probe.bind(stand.prober)
    stand.prober.probe = async (questions, signal, only) => {
      const observed = await probe(questions, signal, only)
      return observed.map((each) => (each.answer.length > 0 ? each : { ...each, outcome: 'nodata' }))
    }
    await comeToRest()
    expect((await nextRound()).still?.rounds).toBe(2)
  })

  test('keeps an interval that was ordered', async () => {
    stand.watch(90)
    await stand.rounds(HOST, ZONE, ...NAME_SERVERS)
    let commit = await nextRound()
    while (!commit.still) commit = await nextRound()
    expect(commit.nextDueAt - commit.at).toBe(90_000)
  })

  test('asks for nothing but its own answers in a still round', async () => {
    await comeToRest()
    const loads: string[] = []
    const seriesOf = stand.store.seriesOf.bind(stand.store)
    stand.store.seriesOf = async (id) => {
      loads.push(id)
      return seriesOf(id)
    }
    expect((await nextRound()).still).not.toBeNull()
    expect(loads).toEqual([])
  })
})

describe('What makes a name at rest assessed at once', () => {
  beforeEach(async () => {
    await comeToRest()
    expect((await nextRound()).still?.rounds).toBe(2)
  })

  test('a new address', async () => {
    stand.prober.answer(`${NAME} A`, ['20.7.0.7'])
    const { domain, still } = await nextRound()
    expect(domain).not.toBeNull()
    expect(still).toBeNull()
  })

  test('one address more beside the known one', async () => {
    stand.prober.answer(`${NAME} A`, ['20.1.0.1', '20.1.0.2'])
    expect((await nextRound()).domain).not.toBeNull()
  })

  test('another TTL', async () => {
    stand.prober.answer(`${NAME} A`, ['20.1.0.1'], 30)
    expect((await nextRound()).domain).not.toBeNull()
  })

  test('a vantage that may not ask any more', async () => {
    stand.prober.optedOut.add('v')
    expect((await nextRound()).domain).not.toBeNull()
  })

  test('that it has no address any more', async () => {
    stand.prober.answer(`${NAME} A`, [])
    expect((await nextRound()).domain).not.toBeNull()
  })

  test('that somebody hastened it, and after that it rests again', async () => {
    await stand.store.hasten(HOST, stand.clock.now() + 5 * MINUTE_MS)
    const { domain, still } = await nextRound()
    expect(domain).toMatchObject({ verdict: 'no_flux_seen', isAtRest: true })
    expect(still).toBeNull()
    expect((await nextRound()).still?.rounds).toBe(1)
  })

  test('a name server that moved', async () => {
    stand.clock.advance(10 * MINUTE_MS)
    stand.prober.answer('ns1.dns.example A', ['20.9.0.9'])
    await stand.rounds(NAME_SERVERS[0]!)
    const due = stand.store.dueAt(HOST)!
    expect(due - stand.clock.now()).toBeLessThanOrEqual(MINUTE_MS)
    const { domain, still } = await nextRound()
    expect(domain).not.toBeNull()
    expect(still).toBeNull()
  })

  test('that it is watched anew', async () => {
    stand.store.watch(NAME, stand.clock.now(), {
      watchUntil: stand.clock.now() + HOUR_MS,
      intervalSeconds: null,
    })
    // Pending again, as the domain of a new scan is.
    expect((await nextRound()).domain).not.toBeNull()
  })
})

test('The end of the watch is assessed, on time, however still the name is', async () => {
  const watchUntil = T + 8 * HOUR_MS
  await comeToRest(watchUntil)
  let commit = await nextRound()
  while (commit.at < watchUntil) {
    expect(commit.nextDueAt).toBeLessThanOrEqual(watchUntil)
    commit = await nextRound()
  }
  expect(commit.at).toBe(watchUntil)
  expect(commit.still).toBeNull()
  expect(commit).toMatchObject({ watchOver: 'time_up', domain: { verdict: 'no_flux_seen', isAtRest: false } })
  expect(stand.entries().at(-1)).toMatchObject({ kind: 'watch-ended', domain: NAME, reason: 'time_up' })
})

test('An open watch ends with its answer, at a round that assesses', async () => {
  stand.watchOpen()
  await stand.rounds(HOST, ZONE, ...NAME_SERVERS)
  let commit = await nextRound()
  let still = 0
  while (commit.watchOver === null) {
    still += commit.still ? 1 : 0
    commit = await nextRound()
  }
  expect(still).toBeGreaterThan(5)
  expect(commit).toMatchObject({ watchOver: 'answered', still: null, domain: { verdict: 'no_flux_seen' } })
  // The sixth round at the latest after the day that it takes.
  expect(commit.at - T).toBeLessThan(31 * HOUR_MS)
})

test.each(['pending', 'suspicious', 'flux', 'unresolvable'] as const)(
  'A verdict of %s never rests: what is to become of it is wanted soon',
  (verdict) => {
    expect(mayRest(verdict)).toBe(false)
  },
)

test('A name that stays the same is assessed in each round while its verdict may not rest', async () => {
  await comeToRest()
  const rounds = (await nextRound()).still?.rounds
  expect(rounds).toBe(2)
  const load = stand.store.load.bind(stand.store)
  for (const verdict of ['pending', 'suspicious', 'flux'] as const) {
    stand.store.load = async (id) => {
      const loaded = await load(id)
      return { ...loaded, watch: loaded.watch && { ...loaded.watch, verdict } }
    }
    const seen: boolean[] = []
    const commit = stand.store.commit.bind(stand.store)
    stand.store.commit = async (round) => {
      seen.push(round.domain !== null && round.still === null)
      return commit(round)
    }
    stand.clock.advance(HOUR_MS)
    await stand.rounds(HOST)
    expect(seen).toEqual([true])
    stand.store.commit = commit
  }
  stand.store.load = load
})

test('What counts as nothing new is what the round itself brought', async () => {
  await comeToRest()
  const before = (await stand.store.load(HOST)).series
  await nextRound()
  const after = (await stand.store.load(HOST)).series
  if (before?.kind !== 'host' || after?.kind !== 'host')
    throw new Error('a host has a series of its own kind')
  expect(isStill(before, after)).toBe(true)
  expect(after.rounds).toBe(before.rounds + 1)
})
