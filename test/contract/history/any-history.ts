// Whatever is observed, in whatever portions and however often it is brought: every answer is the one that follows from the
// observations themselves.
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { QuestionType } from '../../../src/core/dns/record.ts'
import type { StoredObservation } from '../../../src/core/model/observation.ts'
import type { HistoryStore } from '../../../src/store/history/history-store.ts'
import type { Stand } from '../history-store.ts'
import { entryOf } from './appending.ts'
import { allOf } from './asking.ts'
import { byRecordKey, MemoryHistory } from './memory-history.ts'
import { EVERYTHING, readAll } from './observations.ts'
import { recordsOf } from './records.ts'
import { DAY, DAY_ONE, HOUR, sighted } from './sightings.ts'

const ADDRESSES = ['192.0.2.1', '192.0.2.2', '198.51.100.9', '2001:db8::1']
const VANTAGES = ['quad9', 'google', 'direct', 'sensor:office', 'sensor:pdns']
const RECORDS = [
  ...ADDRESSES.map((address) => `${address.includes(':') ? 'AAAA' : 'A'} ${address}`),
  'CNAME alias.example',
  'NS ns.example',
]

interface Seen {
  readonly name: string
  readonly minute: number
  readonly vantage: string
  readonly answer: readonly string[]
  readonly told: { readonly days: number; readonly count: number }
}

const anySeen: fc.Arbitrary<Seen> = fc.record({
  name: fc.constantFrom('a.example', 'b.example', 'c.example'),
  minute: fc.nat({ max: 3 * 24 * 60 }),
  vantage: fc.constantFrom(...VANTAGES),
  answer: fc.subarray(RECORDS, { maxLength: 4 }),
  told: fc.record({ days: fc.nat({ max: 3 }), count: fc.nat({ max: 9 }) }),
})

/** Names of a run, so that runs share one store. */
const namesOf = (run: number) => ['a.example', 'b.example', 'c.example'].map((name) => `run${run}.${name}`)

function rowOf(run: number, seen: Seen, number: number): StoredObservation {
  const { answer, vantage, told } = seen
  // No two in one millisecond: which of them is first is not laid down.
  const at = DAY_ONE + seen.minute * 60_000 + number
  const isSum = vantage === 'sensor:pdns'
  return sighted({
    name: `run${run}.${seen.name}`,
    at,
    vantage,
    qtype: (answer[0]?.split(' ')[0] ?? 'A') as QuestionType,
    answer: answer.map((text) => text.replace('192.0.2.', `192.0.${run}.`).replace('db8::', `db8:${run}::`)),
    additional: number % 3 === 0 ? [`run${run}.ns.example A 203.0.${run}.${number % 5}`] : [],
    ...(isSum && { told: { firstSeen: at - told.days * DAY, count: told.count } }),
    round: number + 1,
  })
}

export function describeAnyHistory(stand: Stand): void {
  describe('any history', () => {
    test('answers what follows from its observations, however they were brought', async () => {
      let run = 0
      const all: StoredObservation[] = []
      await fc.assert(
        fc.asyncProperty(
          fc.array(anySeen, { minLength: 1, maxLength: 40 }),
          fc.array(fc.tuple(fc.nat(), fc.nat(), fc.boolean()), { maxLength: 6 }),
          async (seen, portions) => {
            run += 1
            const rows = seen.map((each, number) => rowOf(run, each, number))
            all.push(...rows)
            await bring(stand.store, rows, portions)
            await compare(stand.store, run, new MemoryHistory(rows))
          },
        ),
        { numRuns: 20 },
      )
      expect(
        await allOf((query) => stand.store.statistics(query), {
          from: null,
          to: null,
          cursor: null,
          limit: 2,
        }),
      ).toStrictEqual(new MemoryHistory(all).statistics())
    })
  })
}

/** In portions that overlap, some of them as entries of the streams, and in the end all of it. */
async function bring(
  store: HistoryStore,
  rows: readonly StoredObservation[],
  portions: readonly (readonly [number, number, boolean])[],
): Promise<void> {
  for (const [start, length, asEntry] of portions) {
    const from = start % rows.length
    const portion = rows.slice(from, from + (length % rows.length) + 1)
    const untold = portion.filter(({ told }) => told === undefined)
    // Streams carry no sums: those come from imports only.
    await (asEntry ? store.appendEntries([entryOf([untold])]) : store.append(portion))
  }
  await store.append(rows)
}

async function compare(store: HistoryStore, run: number, model: MemoryHistory): Promise<void> {
  const names = namesOf(run)
  for (const name of [...names, `run${run}.ns.example`]) {
    const expected = model.records.filter((record) => record.name === name)
    expect((await recordsOf(store, name, { limit: 3 })).toSorted(byRecordKey)).toStrictEqual(expected)
  }
  const [from, to] = [DAY_ONE + 20 * HOUR, DAY_ONE + 50 * HOUR]
  const name = names[0]!
  const changes = await allOf((query) => store.changes(query), { name, from, to, cursor: null, limit: 2 })
  expect(changes.toSorted((left, right) => byRecordKey(left.record, right.record))).toStrictEqual(
    model.changes(name, from, to),
  )
  for (const together of [names, names.slice(1, 2)]) {
    expect(
      await allOf((query) => store.newAddresses(query), {
        names: together,
        from,
        to,
        cursor: null,
        limit: 5,
      }),
    ).toStrictEqual(model.newAddresses(together, from, to))
  }
  for (const address of [`192.0.${run}.1`, `2001:db8:${run}::1`, `203.0.${run}.0`]) {
    expect(await store.life(address)).toStrictEqual(model.life(address))
  }
  const address = `192.0.${run}.2`
  const pivot = { kind: 'address', address } as const
  const at = await allOf((query) => store.recordsAt(query), {
    pivot,
    seenSince: null,
    cursor: null,
    limit: 2,
  })
  expect(at.toSorted(byRecordKey)).toStrictEqual(model.records.filter(({ data }) => data === address))
  const target = `host:${name}` as const
  const byId = (left: StoredObservation, right: StoredObservation) => (left.id < right.id ? -1 : 1)
  const thinned = await readAll(store, { ...EVERYTHING, targets: [target], everyMs: 6 * HOUR, limit: 3 })
  expect(thinned.map(({ at: time }) => time)).toStrictEqual(
    thinned.map(({ at: time }) => time).toSorted((left, right) => left - right),
  )
  expect(thinned.toSorted(byId)).toStrictEqual(model.thinned(target, 6 * HOUR).toSorted(byId))
}
