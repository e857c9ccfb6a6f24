// What is read of a domain at rest: rounds of a scripted world, committed to a real Redis until no assessment is kept any more.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { assess } from '../../src/core/assess.ts'
import type { Enrichment } from '../../src/core/model/address-facts.ts'
import type { TargetId } from '../../src/core/model/target.ts'
import type { WatchedDomain } from '../../src/core/model/watch.ts'
import { DEFAULT_POLICY, type Policy } from '../../src/core/policy.ts'
import type { HostSeries } from '../../src/core/series/host-series.ts'
import type { ZoneSeries } from '../../src/core/series/zone-series.ts'
import { probeRound } from '../../src/queue/probe-round.ts'
import type { RoundParts } from '../../src/queue/round-ports.ts'
import { keys, partitionOf } from '../../src/store/keys.ts'
import { LiveDomains } from '../../src/store/live-domains.ts'
import { ScriptedProber } from '../queue/scripted-prober.ts'
import { commitOf, host, HOUR_MS, LiveHouse, T, zone } from './live-house.ts'

const NAME = 'www.bad.example'
const ID = host(NAME)
const ZONE = zone('bad.example')
const NAME_SERVERS = [host('ns1.dns.example'), host('ns2.dns.example')]
const CHANGED_SINCE =
  'Since the latest look the evidence has come to weigh otherwise; the next look is hastened and decides.'

const ENRICHMENT: Enrichment = {
  hasAsn: true,
  hasCountry: true,
  factsOf: () => ({ asn: 64_500, organisation: 'Example Hosting', country: 'NL' }),
}

let house: LiveHouse
let parts: RoundParts
let domains: LiveDomains
beforeAll(async () => {
  house = await LiveHouse.open()
})
afterAll(() => house?.close())
beforeEach(async () => {
  await house.reset()
  const prober = new ScriptedProber(house.clock)
    .answer(`${NAME} A`, ['20.1.0.1'])
    .answer(`${NAME} AAAA`, ['2606:4700::1'])
    .answer('bad.example NS', ['ns1.dns.example', 'ns2.dns.example'])
    .answer('ns1.dns.example A', ['20.2.0.1'])
    .answer('ns2.dns.example A', ['20.2.0.2'])
  const { targets: store, clock } = house
  parts = { store, prober, enrichment: ENRICHMENT, policy: DEFAULT_POLICY, clock }
  domains = domainsUnder({})
})

/** Who reads with another policy or other facts than those of the rounds. */
function domainsUnder(facts: { policy?: Policy; enrichment?: Enrichment }): LiveDomains {
  const { redis, targets, signal, clock } = house
  return new LiveDomains({
    redis,
    targets,
    signal,
    clock,
    enrichment: facts.enrichment ?? ENRICHMENT,
    policy: facts.policy ?? DEFAULT_POLICY,
  })
}

/** A round of each, when the name is due. */
async function round(...ids: TargetId[]): Promise<void> {
  const due = (await house.dueAt(ID)) ?? 0
  house.clock.advance(Math.max(0, due - house.clock.now()))
  for (const id of ids) expect(await probeRound(id, parts)).toBe('committed')
}

/** Watches the name, its zone and its name servers, until no assessment of it is kept. */
async function comeToRest(intervalSeconds?: number): Promise<void> {
  const wanted = intervalSeconds === undefined ? {} : { intervalSeconds }
  await house.scan([NAME], { watchForSeconds: 30 * 86_400, ...wanted })
  await round(ID, ZONE, ...NAME_SERVERS)
  for (let rounds = 0; rounds < 60; rounds += 1) {
    await round(ID)
    const record = await house.targets.recordOf(ID)
    if ((record?.stillRounds ?? 0) >= 2) return
  }
  throw new Error('the name does not come to rest')
}

/** What it is read as; the test fails where there is nothing to read. */
async function read(from: LiveDomains = domains): Promise<WatchedDomain> {
  const watched = await from.get(NAME)
  if (watched?.assessment == null) throw new Error(`there is no assessment of ${NAME}`)
  return watched
}

describe('A domain at rest', () => {
  test('is read with the whole assessment that its series give, though none is kept', async () => {
    await comeToRest()
    expect(await house.redis.exists(keys.assessment(NAME))).toBe(0)
    const { assessment, ...watched } = await read()
    expect(watched).toMatchObject({ domain: NAME, verdict: 'no_flux_seen', watching: true })

    const record = (await house.targets.recordOf(ID))!
    const [own, zoneSeries, ...nameServers] = await Promise.all(
      [ID, ZONE, ...NAME_SERVERS].map((id) => house.targets.seriesOf(id)),
    )
    const expected = assess(
      {
        domain: NAME,
        host: own as HostSeries,
        zone: zoneSeries as ZoneSeries,
        nameServers: nameServers as HostSeries[],
      },
      ENRICHMENT,
      DEFAULT_POLICY,
      record.committedAt,
      'no_flux_seen',
    )
    expect(assessment).toEqual({ ...expected, nextProbeAt: await house.dueAt(ID) })
    expect(assessment).toMatchObject({
      verdict: 'no_flux_seen',
      asOf: record.committedAt,
      rounds: record.round,
    })
    expect(assessment!.evidence.length).toBeGreaterThan(0)
    expect(assessment!.features.find(({ id }) => id === 'a_addresses')?.value).toBe(1)
    expect(assessment!.nextProbeAt).toBeGreaterThan(house.clock.now())
  })

  test('is read the same twice, also later, as long as no round is committed', async () => {
    await comeToRest()
    const before = await house.everything()
    const first = await read()
    house.clock.advance(5 * 60_000)
    expect(await read()).toEqual(first)
    expect(await house.everything()).toEqual(before)
  })

  test('is read with the round that came last', async () => {
    await comeToRest()
    const before = (await read()).assessment!
    await round(ID)
    const after = (await read()).assessment!
    expect(after.rounds).toBe(before.rounds + 1)
    expect(after.asOf).toBe(house.clock.now())
  })

  test('says when it is looked at next, also where an interval was ordered', async () => {
    await comeToRest(120)
    const { assessment } = await read()
    expect(assessment!.nextProbeAt).toBe(assessment!.asOf + 120_000)
    expect(assessment!.nextProbeAt).toBe(await house.dueAt(ID))
  })

  test('is still read after its watch was stopped', async () => {
    await comeToRest()
    const before = await read()
    await domains.stop(NAME)
    const after = await read()
    expect(after).toMatchObject({ watching: false, verdict: 'no_flux_seen' })
    expect({ ...after.assessment, nextProbeAt: 0 }).toEqual({ ...before.assessment, nextProbeAt: 0 })
  })

  test('is waited for no longer than any other that has a verdict', async () => {
    await comeToRest()
    const watched = await domains.waitForVerdict(NAME, 60_000, new AbortController().signal)
    expect(watched).toMatchObject({ verdict: 'no_flux_seen', assessment: { verdict: 'no_flux_seen' } })
  })
})

describe('A domain at rest whose evidence would say something else by now', () => {
  /** Nobody has looked often enough, by this policy. */
  const STRICTER: Policy = {
    ...DEFAULT_POLICY,
    noFluxFloor: { ...DEFAULT_POLICY.noFluxFloor, rounds: 10_000 },
  }

  test('keeps its verdict and its score, says so, and is due soon', async () => {
    await comeToRest()
    const { score } = (await house.targets.recordOf(ID))!.submitted!
    const due = (await house.dueAt(ID))!
    const watched = await read(domainsUnder({ policy: STRICTER }))
    expect(watched.verdict).toBe('no_flux_seen')
    expect(watched.assessment).toMatchObject({ verdict: 'no_flux_seen', fluxType: null, score })
    expect(watched.assessment!.notes).toContain(CHANGED_SINCE)
    const { minIntervalSeconds } = DEFAULT_POLICY
    const soon = (await house.dueAt(ID))!
    expect(soon).toBeLessThan(due)
    expect(soon).toBe(watched.assessment!.asOf + minIntervalSeconds * 1000)
    expect(watched.assessment!.nextProbeAt).toBe(soon)
  })

  test('is assessed by the next round, which decides', async () => {
    await comeToRest()
    await read(domainsUnder({ policy: STRICTER }))
    expect((await house.targets.load(ID)).stillRounds).toBeNull()
    parts = { ...parts, policy: STRICTER }
    await round(ID)
    expect(await house.domains.get(NAME)).toMatchObject({
      verdict: 'pending',
      assessment: { verdict: 'pending' },
    })
    expect(await house.events(NAME)).not.toEqual([])
  })

  test('is read the same twice, and hastened once', async () => {
    await comeToRest()
    const stricter = domainsUnder({ policy: STRICTER })
    const first = await read(stricter)
    const after = await house.everything()
    expect(await read(stricter)).toEqual(first)
    expect(await house.everything()).toEqual(after)
  })

  test('is not looked at again for that once nobody watches it', async () => {
    await comeToRest()
    await domains.stop(NAME)
    const before = await house.everything()
    const watched = await read(domainsUnder({ policy: STRICTER }))
    expect(watched.assessment).toMatchObject({ verdict: 'no_flux_seen' })
    expect(await house.everything()).toEqual(before)
    expect(await house.dueAt(ID)).toBeNull()
  })

  test('shows other facts of its addresses without any note where the verdict stays', async () => {
    await comeToRest()
    const before = (await read()).assessment!
    const enrichment: Enrichment = {
      ...ENRICHMENT,
      hasAsn: false,
      factsOf: () => ({ asn: null, organisation: null, country: 'DE' }),
    }
    const after = (await read(domainsUnder({ enrichment }))).assessment!
    expect(after.verdict).toBe('no_flux_seen')
    expect(after.notes).not.toContain(CHANGED_SINCE)
    expect(after.notes).not.toEqual(before.notes)
  })
})

test('Forty names at rest are read at once, each as its own, in the order asked', async () => {
  await comeToRest()
  const series = (await house.targets.seriesOf(ID)) as HostSeries
  const names = Array.from({ length: 40 }, (_, index) => `n${index}.bad.example`)
  await house.scan(names, { watchForSeconds: 86_400 })
  for (const [index, name] of names.entries()) {
    const own = { ...series, name, rounds: series.rounds + index }
    const { domain, ...commit } = commitOf(host(name), 0, {
      verdict: 'no_flux_seen',
      isAtRest: true,
      asOf: house.clock.now(),
      nextDueAt: house.clock.now() + HOUR_MS + index,
    })
    expect(await house.targets.commit({ ...commit, domain, series: own })).toBe('committed')
  }
  expect(new Set(names.map(partitionOf)).size).toBeGreaterThan(4)
  const found = await domains.getMany([...names, 'never.example', NAME])
  expect(found.map(({ domain }) => domain)).toEqual([...names, NAME])
  for (const [index, { domain, verdict, assessment }] of found.slice(0, 40).entries()) {
    expect(verdict).toBe('no_flux_seen')
    expect(assessment).toMatchObject({
      domain,
      verdict,
      rounds: series.rounds + index,
      nextProbeAt: house.clock.now() + HOUR_MS + index,
    })
    expect(assessment!.notes).not.toContain(CHANGED_SINCE)
  }
  const scanned = await house.scans.verdicts(await house.scan(names), {
    verdict: 'no_flux_seen',
    cursor: null,
    limit: 25,
  })
  expect(scanned!.items).toHaveLength(25)
  expect(scanned!.next).not.toBeNull()
})

test('A domain at rest whose series holds nothing keeps its verdict, and is due at once when it is read', async () => {
  await house.scan([NAME])
  await house.targets.commit({
    ...commitOf(ID, 0, { verdict: 'no_flux_seen', isAtRest: true }),
    observations: [],
  })
  const before = (await house.targets.recordOf(ID))!
  expect(before.submitted).toMatchObject({ verdict: 'no_flux_seen', version: 1 })
  const watched = await domains.get(NAME)
  // Nothing was ever answered: the next look decides.
  expect(watched).toMatchObject({ verdict: 'no_flux_seen', assessment: { verdict: 'no_flux_seen' } })
  expect(watched!.assessment!.notes).toContain(CHANGED_SINCE)
  expect(await house.dueAt(ID)).toBe(T)
})
