import { describe, expect, test } from 'vitest'
import { readConfig } from '../../src/config.ts'
import { DEFAULT_VANTAGES, type VantageConfig } from '../../src/dns/vantage-config.ts'
import { intakeOf, shareOfRates, workerCount } from '../../src/wiring/rate-share.ts'

const RESOLVER: VantageConfig = { id: 'r', protocol: 'udp', server: '127.0.0.1', qps: 200 }
const WALK: VantageConfig = { id: 'w', protocol: 'direct', rootHints: ['198.41.0.4'] }

const counted = (environment: NodeJS.ProcessEnv, qps: number) =>
  workerCount(
    readConfig({
      ...environment,
      FLUXWATCH_VANTAGES: JSON.stringify([RESOLVER, { ...RESOLVER, id: 's', qps }]),
    }),
  )

describe('The worker processes of a service', () => {
  test('are as many as are set, and at least one for each core up to 8 where nothing is set', () => {
    expect(counted({ FLUXWATCH_WORKERS: '5' }, 200)).toBe(5)
    expect(counted({}, 200)).toBeGreaterThanOrEqual(1)
    expect(counted({}, 200)).toBeLessThanOrEqual(8)
  })

  test('are none where 0 is set', () => {
    expect(counted({ FLUXWATCH_WORKERS: '0' }, 0.5)).toBe(0)
  })

  test('are no more than the slowest vantage may be asked a second', () => {
    expect(counted({ FLUXWATCH_WORKERS: '5' }, 3.9)).toBe(3)
    expect(counted({ FLUXWATCH_WORKERS: '5' }, 0.5)).toBe(1)
  })
})

describe('The share of one process', () => {
  test('is all of it for one alone', () => {
    expect(shareOfRates(RESOLVER, 1)).toBe(RESOLVER)
  })

  test('is the same part of every rate, also of one that is not set', () => {
    expect(shareOfRates(RESOLVER, 8)).toEqual({ ...RESOLVER, qps: 25 })
    expect(shareOfRates(WALK, 4)).toEqual({ ...WALK, qps: 12.5, qpsPerAuthority: 1.25 })
    expect(shareOfRates({ ...WALK, qpsPerAuthority: 8 }, 4)).toMatchObject({ qpsPerAuthority: 2 })
  })

  test('is one a second at least, but never more than the whole', () => {
    expect(shareOfRates({ ...RESOLVER, qps: 4 }, 8)).toMatchObject({ qps: 1 })
    expect(shareOfRates({ ...RESOLVER, qps: 0.5 }, 8)).toMatchObject({ qps: 0.5 })
  })
})

describe('What a process probes at a time', () => {
  test('is 64 rounds with the default vantages, more with faster ones, and bounded', () => {
    expect(intakeOf(DEFAULT_VANTAGES, 1)).toEqual({ batchSize: 32, rounds: 64, waitingJobs: 4 })
    expect(intakeOf([RESOLVER], 1)).toEqual({ batchSize: 32, rounds: 640, waitingJobs: 16 })
    expect(intakeOf([{ ...RESOLVER, qps: 1_000_000 }], 1)).toEqual({
      batchSize: 32,
      rounds: 4096,
      waitingJobs: 16,
    })
  })

  test('is so much less with a share of the rate that all together wait no longer', () => {
    expect(intakeOf(DEFAULT_VANTAGES, 2)).toEqual({ batchSize: 32, rounds: 32, waitingJobs: 4 })
    expect(intakeOf(DEFAULT_VANTAGES, 8)).toEqual({ batchSize: 8, rounds: 8, waitingJobs: 16 })
    expect(intakeOf([{ ...RESOLVER, qps: 0.1 }], 1)).toEqual({ batchSize: 1, rounds: 1, waitingJobs: 2 })
  })
})
