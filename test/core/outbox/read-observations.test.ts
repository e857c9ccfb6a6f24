import { describe, expect, it } from 'vitest'
import { packObservations } from '../../../src/core/outbox/pack-observations.ts'
import { readObservations } from '../../../src/core/outbox/read-observations.ts'
import { sampleObservation } from '../../store/history/sample-observations.ts'

const rows = [sampleObservation(0), sampleObservation(1, { vantage: 'wien-ä' })]

describe('a payload of the observations streams', () => {
  it('is read in today’s form', () => {
    expect(readObservations(packObservations(rows))).toStrictEqual(rows)
    expect(readObservations(packObservations([]))).toEqual([])
  })

  it('is read as the JSON of before', () => {
    expect(readObservations(Buffer.from(JSON.stringify(rows)))).toStrictEqual(rows)
    expect(readObservations(Buffer.from('[]'))).toEqual([])
  })

  it('is recognised by its first byte: no packed form begins like JSON', () => {
    expect('[{'.includes(packObservations(rows).toString('latin1', 0, 1))).toBe(false)
  })

  it('may be empty: no rows', () => {
    expect(readObservations(Buffer.alloc(0))).toEqual([])
  })

  it('that is neither is refused', () => {
    expect(() => readObservations(Buffer.from('{"id":"x"}'))).toThrow(
      'Expected observations of version 1, got 123',
    )
    expect(() => readObservations(Buffer.from('[{"id"'))).toThrow(SyntaxError)
  })
})
