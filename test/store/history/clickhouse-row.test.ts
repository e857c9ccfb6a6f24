import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { storedObservations, type StoredObservation } from '../../../src/core/model/observation.ts'
import { longId, shortId } from '../../../src/store/history/clickhouse/short-id.ts'
import { sightNumber } from '../../../src/store/history/clickhouse/sight-number.ts'
import { arbitraryRows } from '../../core/outbox/arbitrary-rows.ts'
import { sampleObservation } from './sample-observations.ts'

const at = Date.UTC(2026, 0, 1)
const start = at.toString(36)

function rowsOf(round: number, startedAt: number): StoredObservation[] {
  const seen = sampleObservation(0, { at: startedAt + 40 })
  return storedObservations({
    target: { kind: 'host', name: 'www.flux.example' },
    number: round,
    startedAt,
    observations: [seen, { ...seen, vantage: 'google' }, seen],
  })
}

describe('a short id', () => {
  test('is the start of the round, and what tells a question from the same asked again', () => {
    expect(rowsOf(7, at).map(shortId)).toStrictEqual([`@${start}`, `@${start}`, `@${start}/2`])
  })

  test('gives any id back as it was', () => {
    fc.assert(
      fc.property(arbitraryRows, (rows) => {
        for (const row of rows) expect(longId(shortId(row), row)).toBe(row.id)
      }),
    )
    for (const id of [
      '',
      '@',
      '=x',
      'host:www.flux.example/1@',
      'host:www.flux.example/1@x/quad9/www.flux.example/AA',
    ]) {
      const row = sampleObservation(0, { id })
      expect(longId(shortId(row), row)).toBe(id)
    }
  })
})

describe('a sight number', () => {
  test('is another one for each observation of a round, and for each round', () => {
    const rows = [...rowsOf(1, at), ...rowsOf(2, at + 1), ...rowsOf(3, at + 60_000)]
    expect(new Set(rows.map(sightNumber)).size).toBe(9)
  })

  test('has its upper half in common with the other looks of one vantage, its lower half is the second', () => {
    const [first, again] = [rowsOf(4, at)[0]!, rowsOf(8, at + 300_000)[0]!]
    expect(sightNumber(first) >> 32n).toBe(sightNumber(again) >> 32n)
    expect(sightNumber(again) - sightNumber(first)).toBe(300n)
  })

  test('tells the observations of a sensor apart, however many it has in one second', () => {
    const rows = Array.from({ length: 100 }, (_, number) =>
      sampleObservation(0, { id: `sensor/${number}`, vantage: 'sensor:office', round: 0 }),
    )
    expect(new Set(rows.map(sightNumber)).size).toBe(100)
  })
})
