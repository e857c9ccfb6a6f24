// The record of a target, as scripts write it and readRecord reads it: referrers, scans, tags, the end of a watch, the stamp.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { keys, partitionOf } from '../../src/store/keys.ts'
import { RETENTION_MS } from '../../src/store/retention.ts'
import { readRecord, scanOctets, type TargetRecord } from '../../src/store/target-record.ts'
import { commitOf, host, HOUR_MS, LiveHouse, T, zone } from './live-house.ts'

const NAME = 'www.bad.example'
const ID = host(NAME)
const ZONE = zone('bad.example')
/** Octets that tell how long the scans of a record are. */
const SCANS_LENGTH_OCTETS = 3

let house: LiveHouse
beforeAll(async () => {
  house = await LiveHouse.open()
})
afterAll(() => house?.close())
beforeEach(() => house.reset())

function referrer(index: number): ReturnType<typeof host> {
  return host(`h${index}.bad.example`)
}

async function refer(from: number, to: number): Promise<void> {
  for (let index = from; index <= to; index += 1) await house.targets.addReference(ZONE, referrer(index), T)
}

async function recordOf(id = ID): Promise<TargetRecord> {
  const record = await house.targets.recordOf(id)
  if (record === null) throw new Error(`there is no record of ${id}`)
  return record
}

describe('Who needs a target', () => {
  const crowd = keys.references('bad.example', ZONE)

  test('stands in its record, eight of them, in the order in which they came', async () => {
    await refer(1, 8)
    const record = await recordOf(ZONE)
    expect(record.referrers).toEqual([1, 2, 3, 4, 5, 6, 7, 8].map(referrer))
    expect(record.isCrowded).toBe(false)
    expect(await house.redis.exists(crowd)).toBe(0)
  })

  test('stands in a set of its own from the ninth on', async () => {
    await refer(1, 9)
    expect(await recordOf(ZONE)).toMatchObject({ referrers: [], isCrowded: true })
    await refer(5, 20)
    expect(await house.redis.scard(crowd)).toBe(20)
    expect((await house.targets.referrersOf(ZONE, 100)).toSorted()).toEqual(
      Array.from({ length: 20 }, (_, index) => referrer(index + 1)).toSorted(),
    )
  })

  test('is nobody again when the last of the set has left, and the target is retired', async () => {
    await refer(1, 9)
    for (let index = 1; index <= 9; index += 1) {
      expect((await house.targets.load(ZONE)).referenced).toBe(true)
      await house.targets.retire(ZONE)
      expect(await house.dueAt(ZONE)).toBe(T)
      await house.targets.removeReference(ZONE, referrer(index))
    }
    expect(await recordOf(ZONE)).toMatchObject({ referrers: [], isCrowded: false })
    expect((await house.targets.load(ZONE)).referenced).toBe(false)
    await house.targets.retire(ZONE)
    expect(await house.dueAt(ZONE)).toBeNull()
    // It has seen nothing: nothing is kept of it.
    expect(await house.everything()).toEqual({})
  })

  test('goes into the record again after the set has gone', async () => {
    await refer(1, 9)
    for (let index = 1; index <= 9; index += 1) {
      await house.targets.removeReference(ZONE, referrer(index))
    }
    await refer(3, 4)
    expect(await recordOf(ZONE)).toMatchObject({
      referrers: [referrer(3), referrer(4)],
      isCrowded: false,
    })
  })

  test('is one that leaves in the middle less, and none that was never there', async () => {
    await refer(1, 3)
    await house.targets.removeReference(ZONE, referrer(2))
    await house.targets.removeReference(ZONE, host('stranger.example'))
    expect((await recordOf(ZONE)).referrers).toEqual([referrer(1), referrer(3)])
  })

  test('makes no second turn of a target that is left and needed anew, by another tenant, before it was retired', async () => {
    const lanes = [
      { tenant: 'acme', isExpress: false },
      { tenant: 'soc', isExpress: true },
      { tenant: '', isExpress: false },
    ]
    for (const [index, lane] of lanes.entries()) {
      await house.targets.addReference(ZONE, referrer(index), T + index, lane)
      expect(await house.targets.lag(T)).toMatchObject({ watched: 1 })
      await house.targets.removeReference(ZONE, referrer(index))
    }
    // Of its first turn, which has not come yet: it keeps its due time and its tenant.
    expect(await house.targets.dueAt(ZONE, 'acme')).toBe(T)
    await house.targets.retire(ZONE)
    expect(await house.targets.lag(T)).toMatchObject({ watched: 0 })
    await house.targets.addReference(ZONE, ID, T + 9, lanes[1]!)
    expect(await house.targets.load(ZONE)).toMatchObject({ tenant: 'soc' })
    expect(await house.targets.lag(T)).toMatchObject({ watched: 1 })
  })

  test('leaves no trace where an unknown target is left', async () => {
    await house.targets.removeReference(ZONE, ID)
    expect(await house.everything()).toEqual({})
  })

  test('does not touch what a round has committed', async () => {
    await house.targets.addReference(ZONE, ID, T)
    const commit = commitOf(ZONE, 0)
    await house.targets.commit(commit)
    await refer(1, 12)
    for (let index = 1; index <= 12; index += 1) {
      await house.targets.removeReference(ZONE, referrer(index))
    }
    expect(await house.targets.load(ZONE)).toMatchObject({ round: 1, series: commit.series })
  })
})

describe('The scans of a domain', () => {
  test('stand in the order in which it joined them, each once', async () => {
    const scans = [await house.scan([NAME]), await house.scan([NAME]), await house.scan([NAME])]
    await house.scans.add(scans[1]!, [NAME])
    expect(await house.scans.scansOf(NAME)).toEqual(scans)
  })

  test('are left one by one, and the domain is stopped with the last', async () => {
    const [a, b, c] = [await house.scan([NAME]), await house.scan([NAME]), await house.scan([NAME])]
    await house.scans.cancel(b)
    expect(await house.scans.scansOf(NAME)).toEqual([a, c])
    await house.scans.cancel(b)
    expect(await house.scans.scansOf(NAME)).toEqual([a, c])
    await house.scans.cancel(a)
    expect((await house.domains.get(NAME))?.watching).toBe(true)
    await house.scans.cancel(c)
    expect(await house.scans.scansOf(NAME)).toEqual([])
    expect((await house.domains.get(NAME))?.watching).toBe(false)
  })

  test('can be many thousands, and nothing else of the record is hurt', async () => {
    await house.scan([NAME], { tags: ['mail'] })
    await house.targets.commit(commitOf(ID, 0, { verdict: 'suspicious' }))
    const { series } = await house.targets.load(ID)
    // As the record holds them when a popular name is submitted by itself, alarm by alarm: 12 octets each.
    const key = keys.target(NAME, ID)
    const bytes = await house.redis.getBuffer(key)
    const [scan = ''] = await house.scans.scansOf(NAME)
    const at = bytes!.indexOf(scanOctets(scan))
    const many = Buffer.alloc(5_999 * 12)
    for (let index = 0; index < 5_999; index += 1) many.writeUInt32BE(index + 1, index * 12)
    const lengthAt = at - SCANS_LENGTH_OCTETS
    const length = Buffer.alloc(SCANS_LENGTH_OCTETS)
    length.writeUIntLE(6_000 * 12, 0, SCANS_LENGTH_OCTETS)
    const head = bytes!.subarray(0, lengthAt)
    await house.redis.set(
      key,
      Buffer.concat([head, length, bytes!.subarray(at, at + 12), many, bytes!.subarray(at + 12)]),
    )

    const another = await house.scan([NAME])
    const scans = await house.scans.scansOf(NAME)
    expect(scans).toHaveLength(6_001)
    expect([scans[0], scans.at(-1)]).toEqual([scan, another])
    expect(await house.domains.get(NAME)).toMatchObject({ verdict: 'suspicious', tags: ['mail'] })
    expect(await house.targets.load(ID)).toMatchObject({ round: 1, series })
  })

  test('are those of the running watch and of those before it, until they are over', async () => {
    const first = await house.scan([NAME])
    await house.domains.stop(NAME)
    const second = await house.scan([NAME])
    expect(await house.scans.scansOf(NAME)).toEqual([first, second])
  })
})

describe('A submitted domain', () => {
  test('keeps its tags in any script, and they are no scans', async () => {
    await house.scan([NAME], { tags: ['März', '邮件', 'a"b\\c'] })
    const scans = await house.scans.scansOf(NAME)
    expect((await recordOf()).submitted).toMatchObject({ tags: ['März', '邮件', 'a"b\\c'], scans })
  })

  test('is read as it was committed, and no name is mixed up with the host of a name server', async () => {
    await house.scan([NAME], { intervalSeconds: 600, watchForSeconds: 7200 })
    await house.targets.addReference(ID, ZONE, T)
    await house.targets.commit(commitOf(ID, 0, { verdict: 'flux' }))
    expect(await recordOf()).toMatchObject({
      round: 1,
      committedAt: T,
      stillRounds: 0,
      tenant: '',
      referrers: [ZONE],
      submitted: {
        watching: true,
        addedAt: T,
        watchUntil: T + 2 * HOUR_MS,
        openSince: null,
        firstFlaggedAt: T,
        endedAt: null,
        intervalSeconds: 600,
        verdict: 'flux',
        fluxType: 'single',
        version: 1,
        score: 0.078,
        tags: [],
      },
    })
  })

  test('is forgotten after the retention time though its host lives on as a name server', async () => {
    const scan = await house.scan([NAME], { tags: ['old'] })
    await house.targets.addReference(ID, ZONE, T)
    await house.targets.commit(commitOf(ID, 0, { verdict: 'flux' }))
    await house.domains.stop(NAME)
    house.clock.advance(RETENTION_MS)
    expect(await house.domains.get(NAME)).toMatchObject({ watching: false, verdict: 'flux', tags: ['old'] })
    expect(await house.scans.scansOf(NAME)).toEqual([scan])

    house.clock.advance(1)
    expect(await house.domains.get(NAME)).toBeNull()
    expect(await house.scans.scansOf(NAME)).toEqual([])
    expect(await house.domains.stop(NAME)).toBe(false)
    expect(await house.targets.load(ID)).toMatchObject({ round: 1, referenced: true, watch: null })

    const anew = await house.scan([NAME], { tags: ['new'] })
    expect(await house.domains.get(NAME)).toMatchObject({
      addedAt: T + RETENTION_MS + 1,
      firstFlaggedAt: null,
      verdict: 'pending',
      tags: ['new'],
      assessment: null,
    })
    expect(await house.scans.scansOf(NAME)).toEqual([anew])
    expect((await house.targets.load(ID)).round).toBe(1)
  })

  test("of a named tenant is probed from its share, and so is what was nobody's before", async () => {
    const scan = await house.scans.open({
      tags: [],
      watchForSeconds: 3600,
      intervalSeconds: null,
      tenant: 'acme',
    })
    await house.scans.add(scan, [NAME])
    expect((await house.targets.load(ID)).tenant).toBe('acme')
    await house.targets.addReference(ZONE, ID, T, { tenant: 'acme', isExpress: false })
    await house.targets.addReference(ZONE, host('other.example'), T, { tenant: 'soc', isExpress: false })
    expect((await house.targets.load(ZONE)).tenant).toBe('acme')
    expect(await house.targets.dueAt(ZONE, 'acme')).toBe(T)
    expect(await house.targets.dueAt(ZONE, 'soc')).toBeNull()
    expect(await house.targets.lag(T + 5)).toEqual({ watched: 2, oldestDueMs: 5 })
  })
})

describe('A host that is handed from one tenant to another', () => {
  async function watchFor(tenant: string, at: number): Promise<string> {
    house.clock.advance(at - house.clock.now())
    const scan = await house.scans.open({ tags: [], watchForSeconds: 3600, intervalSeconds: null, tenant })
    await house.scans.add(scan, [NAME])
    return scan
  }

  test('has one turn, whoever watches it and whoever did before', async () => {
    await house.targets.addReference(ID, ZONE, T + HOUR_MS, { tenant: 'soc', isExpress: false })
    await watchFor('acme', T)
    expect(await house.targets.load(ID)).toMatchObject({ tenant: 'acme' })
    expect(await house.targets.lag(T)).toEqual({ watched: 1, oldestDueMs: 0 })
    await house.domains.stop(NAME)
    await watchFor('', T + 1000)
    expect(await house.targets.load(ID)).toMatchObject({ tenant: '' })
    expect(await house.targets.lag(T + 1000)).toMatchObject({ watched: 1 })
  })

  test('keeps its tenant while it is watched, and while a round is under way', async () => {
    await watchFor('acme', T)
    await watchFor('soc', T + 1)
    expect((await house.targets.load(ID)).tenant).toBe('acme')
    const quotas = [{ tenant: 'acme', express: 10, due: 10 }]
    const { express } = await house.targets.claimDue(partitionOf(NAME), T + 5, T + 60_000, quotas)
    expect(express).toEqual([{ id: ID, dueAt: T }])
    await house.targets.addReference(ID, ZONE, T)
    await house.domains.stop(NAME)
    await watchFor('soc', T + 10)
    expect(await house.targets.lag(T + 10)).toEqual({ watched: 1, oldestDueMs: 0 })
    expect((await house.targets.load(ID)).tenant).toBe('acme')
    await house.targets.commit({
      ...commitOf(ID, 0, { nextDueAt: T + 90_000, earliestNextAt: T + 40_000, asOf: T + 20 }),
      tenant: 'acme',
    })
    // It was watched anew meanwhile: due as soon as the least interval allows.
    expect(await house.targets.dueAt(ID, 'acme')).toBe(T + 40_000)
    expect(await house.targets.lag(T + 10)).toMatchObject({ watched: 1 })
  })
})

describe('The stamp of a domain', () => {
  /** What it was, and what it is after `change`. */
  async function stamps(change: () => Promise<unknown>): Promise<(string | null)[]> {
    const before = await house.domains.stampOf(NAME)
    await change()
    return [before, await house.domains.stampOf(NAME)]
  }

  async function expectOther(change: () => Promise<unknown>): Promise<void> {
    const [before, after] = await stamps(change)
    expect(after).not.toBeNull()
    expect(after).not.toBe(before)
  }

  async function expectSame(change: () => Promise<unknown>): Promise<void> {
    const [before, after] = await stamps(change)
    expect(after).not.toBeNull()
    expect(after).toBe(before)
  }

  test('is none of a domain of which there is nothing', async () => {
    expect(await house.domains.stampOf(NAME)).toBeNull()
  })

  test('is another one after every write that changes something', async () => {
    await expectOther(() => house.scan([NAME]))
    await expectOther(() => house.scan([NAME], { tags: ['mail'] }))
    await expectOther(() => house.targets.addReference(ID, ZONE, T))
    await expectOther(() => house.targets.commit(commitOf(ID, 0, { verdict: 'no_flux_seen' })))
    await expectOther(() =>
      house.targets.commit(commitOf(ID, 1, { verdict: 'flux', against: 'no_flux_seen' })),
    )
    await expectOther(() => house.targets.hasten(ID, T))
    await expectOther(() => house.targets.removeReference(ID, ZONE))
    await expectOther(() => house.domains.stop(NAME))
    await expectOther(() => house.scan([NAME]))
  })

  test('stays the same as long as nothing changes, whatever is asked for', async () => {
    const scan = await house.scan([NAME], { tags: ['mail'], sealed: false })
    await house.targets.commit(commitOf(ID, 0, { verdict: 'flux' }))
    await house.targets.hasten(ID, T)
    await expectSame(() => house.scans.add(scan, [NAME]))
    await expectSame(() => house.targets.commit(commitOf(ID, 0, { verdict: 'suspicious' })))
    await expectSame(() => house.targets.hasten(ID, T))
    await expectSame(() => house.targets.removeReference(ID, ZONE))
    await expectSame(() => house.targets.retire(ID))
    await expectSame(() => house.domains.get(NAME))
    await expectSame(() => house.targets.claimDue('aoo', T, T + 1000, []))
    await house.domains.stop(NAME)
    await expectSame(() => house.domains.stop(NAME))
  })

  test('is not the same again within the next thousands of rounds', async () => {
    await house.scan([NAME])
    const seen = new Set<string | null>()
    for (let round = 0; round < 300; round += 1) {
      await house.targets.commit(commitOf(ID, round, { verdict: 'pending' }))
      seen.add(await house.domains.stampOf(NAME))
    }
    expect(seen.size).toBe(300)
  })
})

describe('Bytes that no script of this version wrote', () => {
  test('are refused with a sentence', () => {
    expect(() => readRecord(Buffer.from([2, 0, 0, 0]))).toThrow('Expected a record of form 1, got 2')
    expect(() => readRecord(Buffer.alloc(0))).toThrow('Expected a record of form 1, got undefined')
    expect(() => readRecord(Buffer.from([1, 0, 0]))).toThrow()
  })

  test('are neither read nor written over by the scripts', async () => {
    await house.scan([NAME])
    const key = keys.target(NAME, ID)
    const bytes = await house.redis.getBuffer(key)
    bytes![0] = 2
    await house.redis.set(key, bytes!)
    const before = await house.everything()
    await expect(house.targets.commit(commitOf(ID, 0, { verdict: 'flux' }))).rejects.toThrow(
      'Expected a record of form 1, got 2',
    )
    await expect(house.domains.stop(NAME)).rejects.toThrow('Expected a record of form 1, got 2')
    await expect(house.targets.load(ID)).rejects.toThrow('Expected a record of form 1, got 2')
    expect(await house.everything()).toEqual(before)
  })

  test('are no id of a scan', () => {
    expect(() => scanOctets('scn_none')).toThrow('not the id of a scan: scn_none')
    expect(scanOctets('scn_00112233445566778899aabb').toString('hex')).toBe('00112233445566778899aabb')
  })
})
