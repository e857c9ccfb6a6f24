import { describe, expect, test } from 'vitest'
import { measureFlaggedNetwork } from '../../../src/core/features/flagged-network.ts'
import type { StandingNetwork } from '../../../src/core/model/network.ts'

const POOL = new Map([
  ['20.0.0.1', ['evil.example', 'worse.example']],
  ['20.0.0.2', ['evil.example', 'bad.example']],
  ['20.0.0.3', ['other.example']],
  ['20.0.0.4', []],
])
const BIG: StandingNetwork = { id: 'net_big', domains: 12 }
const SMALL: StandingNetwork = { id: 'net_small', domains: 2 }

function measure(networks: Readonly<Record<string, readonly StandingNetwork[]>>, pool = POOL) {
  return measureFlaggedNetwork('www.bad.example', pool, new Map(Object.entries(networks)))
}

describe('The network of a name', () => {
  test('is the one that most of its addresses lead to, and counts the others in it', () => {
    expect(measure({ 'evil.example': [SMALL], 'worse.example': [SMALL], 'other.example': [BIG] })).toEqual({
      value: 2,
      support: 2,
    })
  })

  test('is the larger one where as many addresses lead to two', () => {
    expect(measure({ 'worse.example': [SMALL], 'other.example': [BIG] })).toEqual({ value: 12, support: 1 })
  })

  test('does not count the name itself, whose own notes lead nowhere', () => {
    expect(measure({ 'evil.example': [BIG], 'bad.example': [BIG] })).toEqual({ value: 11, support: 2 })
    expect(measure({ 'bad.example': [BIG] })).toEqual({ value: 0, support: 0 })
  })

  test('is unknown where nobody keeps networks, or no address was looked up', () => {
    const unknown = { value: null, support: 0 }
    expect(measureFlaggedNetwork('www.bad.example', POOL, undefined)).toEqual(unknown)
    expect(measureFlaggedNetwork('www.bad.example', undefined, new Map())).toEqual(unknown)
    expect(measure({}, new Map())).toEqual(unknown)
    expect(measure({})).toEqual({ value: 0, support: 0 })
  })
})
