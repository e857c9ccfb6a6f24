// How large a series can become in the store. Two worlds: the largest botnet anybody has seen, watched from ten vantages, and a
// zone whose owner does all he can to fill our store.
import { describe, expect, it } from 'vitest'
import { estimateDistinct } from '../../../src/core/series/bottom-k.ts'
import { decodeSeries, encodeSeries } from '../../../src/core/series/codec.ts'
import { hostRoundOf, authorityAnswer, failedServer, ownAnswer, referral, watchDelegation, ZONE } from './scripted-authorities.ts'
import { foldHostRound, newHostSeries } from '../../../src/core/series/host-series.ts'
import type { HostSeries } from '../../../src/core/series/host-series.ts'
import { hostRound, scattered, watchHost } from './scripted-rounds.ts'
import type { Look } from './scripted-rounds.ts'

const MOST = 16 * 1024

const ipv4 = (n: number) => `${20 + (n % 60)}.${Math.floor(n / 60) % 250}.${Math.floor(n / 15_000)}.${1 + (n % 250)}`
const ipv6 = (n: number) => `2a00:${(n % 60_000).toString(16)}:${Math.floor(n / 60_000) + 1}:a:b:c:d:e`
const vantage = (index: number) => `a-vantage-with-a-long-name-${index}`.padEnd(64, 'x')

/** 1,000 rounds of ten vantages that see 10 addresses each. */
function watchBotnet(addressOf: (n: number) => string, more: (n: number, round: number) => Partial<Look>): HostSeries {
  let series = newHostSeries(`${'a'.repeat(63)}.${'b'.repeat(63)}.${'c'.repeat(63)}.${'d'.repeat(50)}.example`)
  for (let round = 0; round < 1000; round += 1) {
    const looks = Array.from({ length: 10 }, (_, index): Look => {
      const n = round * 10 + index
      const addresses = Array.from({ length: 10 }, (__, seat) => addressOf(n * 10 + seat))
      return { at: round * 301, vantage: vantage(index), ttl: 300, a: addresses, ...more(n, round) }
    })
    series = foldHostRound(series, hostRound(series.name, round + 1, looks))
  }
  return series
}

describe('the series of a botnet of 100,000 addresses, watched from ten vantages', () => {
  const plain = watchBotnet(ipv4, () => ({}))

  it('takes no more than 16 kB, comes back equal, and still counts the addresses', () => {
    expect(encodeSeries(plain).length).toBeLessThanOrEqual(MOST)
    expect(decodeSeries(encodeSeries(plain))).toEqual(plain)
    const estimate = estimateDistinct(plain.addresses)
    // Three standard errors of a sketch of 256.
    expect(Math.abs(estimate - 100_000)).toBeLessThan(19_000)
  })
  it('reports', () => { console.log('plain', encodeSeries(plain).length, estimateDistinct(plain.addresses)) })
})
