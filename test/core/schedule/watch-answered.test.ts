import { describe, expect, it } from 'vitest'
import { DEFAULT_POLICY } from '../../../src/core/policy.ts'
import { watchIsAnswered } from '../../../src/core/schedule/watch-answered.ts'
import type { WatchFacts } from '../../../src/core/schedule/watch-answered.ts'
import type { HostSeries } from '../../../src/core/series/host-series.ts'
import { domainOf, scattered, START, watchHost } from '../series/scripted-rounds.ts'

const HOUR = 3600
const DAY = 24 * HOUR
const at = (seconds: number) => START + seconds * 1000

/** Each hour a look until `until`, with the same address; from `moves` on with another. */
function hourly(name: string, until: number, moves = Infinity): HostSeries {
  const hours = Array.from({ length: Math.floor(until / HOUR) + 1 }, (_, hour) => hour * HOUR)
  return watchHost(
    name,
    hours.map((second) => [{ at: second, a: [scattered(second < moves ? 1 : 2)], ttl: 60 }]),
  )
}

const facts = (parts: Partial<WatchFacts> = {}): WatchFacts => ({
  series: domainOf(hourly('a.example', 2 * DAY), [hourly('ns1.x', 2 * DAY)]),
  verdict: 'no_flux_seen',
  fluxType: null,
  score: 0.001,
  firstFlaggedAt: null,
  watchedSince: START,
  ...parts,
})
const answered = (parts: Partial<WatchFacts>, seconds: number) =>
  watchIsAnswered(facts(parts), DEFAULT_POLICY, at(seconds))

describe('no flux seen is the answer', () => {
  it('a day after the last new address of the name', () => {
    expect(answered({}, 2 * DAY)).toBe(true)
    const moved = { series: domainOf(hourly('a.example', 2 * DAY, DAY + HOUR)) }
    expect(answered(moved, 2 * DAY)).toBe(false)
    expect(answered(moved, 2 * DAY + HOUR)).toBe(true)
  })

  it('a day after the last new address of a name server', () => {
    const series = domainOf(hourly('a.example', 2 * DAY), [hourly('ns1.x', 2 * DAY, DAY + HOUR)])
    expect(answered({ series }, 2 * DAY)).toBe(false)
    expect(answered({ series }, 2 * DAY + HOUR)).toBe(true)
  })

  it('not before this watch has gone on for a day, however long ago the name was seen before', () => {
    expect(answered({ watchedSince: at(DAY + HOUR) }, 2 * DAY)).toBe(false)
    expect(answered({ watchedSince: at(DAY) }, 2 * DAY)).toBe(true)
  })

  it('not on a handful of answers', () => {
    const series = domainOf(
      watchHost(
        'a.example',
        [0, 1, 2].map((day) => [{ at: day * DAY, a: ['61.1.0.1'] }]),
      ),
    )
    expect(answered({ series }, 2 * DAY)).toBe(false)
  })

  it('not for a name with so many addresses that a new one can be missed', () => {
    const { series } = facts()
    const host = { ...series.host, addresses: { ...series.host.addresses, dropped: true } }
    expect(answered({ series: { ...series, host } }, 2 * DAY)).toBe(false)
  })
})

describe('flux is the answer', () => {
  const flux = { verdict: 'flux', score: 0.999, firstFlaggedAt: START } as const

  it('a day after it was first called so, when it is double', () => {
    expect(answered({ ...flux, fluxType: 'double' }, DAY - 1)).toBe(false)
    expect(answered({ ...flux, fluxType: 'double' }, DAY)).toBe(true)
  })

  it('when the name servers of single flux, or the addresses of NS flux, were watched for 60 hours', () => {
    const of = (host: number, server: number) =>
      domainOf(hourly('a.example', host * HOUR), [hourly('ns1.x', server * HOUR)])
    const at60 = (fluxType: 'single' | 'ns', host: number, server: number) =>
      answered({ ...flux, fluxType, series: of(host, server) }, 60 * HOUR)
    expect(at60('single', 60, 59)).toBe(false)
    expect(at60('single', 59, 60)).toBe(true)
    expect(at60('ns', 59, 60)).toBe(false)
    expect(at60('ns', 60, 59)).toBe(true)
  })

  it('not while nothing is known of the name servers', () => {
    const series = domainOf(hourly('a.example', 4 * DAY))
    expect(answered({ ...flux, fluxType: 'single', series }, 4 * DAY)).toBe(false)
  })

  it('a day after this watch began, when the name was called so in an earlier one', () => {
    const watchedSince = at(DAY)
    expect(answered({ ...flux, fluxType: 'double', watchedSince }, 2 * DAY - 1)).toBe(false)
    expect(answered({ ...flux, fluxType: 'double', watchedSince }, 2 * DAY)).toBe(true)
  })
})

describe('other verdicts', () => {
  it('a name that does not resolve is given up after a day without an answer', () => {
    const never = domainOf(watchHost('a.example', [[{ at: 0, outcome: 'nxdomain' }]]))
    expect(answered({ verdict: 'unresolvable', series: never }, DAY - 1)).toBe(false)
    expect(answered({ verdict: 'unresolvable', series: never }, DAY)).toBe(true)
    const gone = domainOf(hourly('a.example', 5 * HOUR))
    expect(answered({ verdict: 'unresolvable', series: gone }, DAY + HOUR)).toBe(false)
    expect(answered({ verdict: 'unresolvable', series: gone }, DAY + 5 * HOUR)).toBe(true)
  })

  it('pending and suspicious are no answers, ever', () => {
    expect(answered({ verdict: 'pending' }, 30 * DAY)).toBe(false)
    expect(answered({ verdict: 'suspicious' }, 30 * DAY)).toBe(false)
  })
})
