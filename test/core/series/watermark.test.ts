import { describe, expect, it } from 'vitest'
import { foldHostRound } from '../../../src/core/series/host-series.ts'
import { isNotableChange } from '../../../src/core/series/watermark.ts'
import { hostRound, watchHost } from './scripted-rounds.ts'
import type { Look } from './scripted-rounds.ts'

const NAME = 'ns1.example'
const before = watchHost(NAME, [[{ at: 0, a: ['61.1.1.1'] }]])
const after = (...looks: Look[]) => isNotableChange(before, foldHostRound(before, hostRound(NAME, 2, looks)))

describe('a notable change of a name server', () => {
  it('is an address that a vantage had not seen before', () => {
    expect(after({ at: 90, a: ['61.1.1.2'] })).toBe(true)
  })

  it('is not the same address again, nor a failure', () => {
    expect(after({ at: 90, a: ['61.1.1.1'] })).toBe(false)
    expect(after({ at: 90, outcome: 'failed', failure: 'timeout' })).toBe(false)
  })

  it('is not what another vantage sees when it looks for the first time', () => {
    expect(after({ at: 90, a: ['61.1.1.1'] }, { at: 90, a: ['62.1.1.2'], vantage: 'v2' })).toBe(false)
  })

  it('is not the first address of all', () => {
    const nothing = watchHost(NAME, [[{ at: 0, outcome: 'failed', failure: 'timeout' }]])
    expect(
      isNotableChange(nothing, foldHostRound(nothing, hostRound(NAME, 2, [{ at: 9, a: ['61.1.1.1'] }]))),
    ).toBe(false)
  })
})
