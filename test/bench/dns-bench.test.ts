import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { benchQuestions, expectedAnswers } from '../../bench/bench-zone.ts'
import type { Measured, RunResult } from '../../bench/measured.ts'
import { median, medianRatio, medianRun, worst, type Round } from '../../bench/medians.ts'
import { allRight, judge } from '../../bench/targets.ts'

const BENCH = join(import.meta.dirname, '..', '..', 'bench', 'dns.ts')

function measured(cpuUsPerQuery: number, more: Partial<Measured> = {}): Measured {
  return {
    queries: 100,
    cpuUsPerQuery,
    queriesPerSecond: 1e6 / cpuUsPerQuery,
    unansweredPercent: 0,
    wrongPercent: 0,
    retriedPercent: 0,
    ...more,
  }
}

function round(results: Record<string, RunResult>): Round {
  return new Map(Object.entries(results))
}

describe('the bench of DNS clients', () => {
  test(
    'runs every client of ours and of Node to the end, and all take the zone’s answers',
    { timeout: 90_000 },
    () => {
      const only =
        'own-plain@200,own-plain@2000/s,own-batched@200,own-tcp@200,own-prober-plain,c-ares@200,dns-packet@200'
      const args = ['--expose-gc', BENCH, '--quick', '--authority', 'own', '--only', only]
      const { status, stdout, stderr } = spawnSync(process.execPath, args, {
        encoding: 'utf8',
        timeout: 80_000,
      })
      expect(stderr).toContain('round 1/1  own-plain@200')
      expect(status).toBe(0)
      const rows = stdout.split('\n').filter((line) => line.startsWith('| '))
      const cells = rows.map((row) => row.split('|').map((cell) => cell.trim()))
      for (const label of [
        'fluxwatch UDP, plain',
        'fluxwatch TCP, pipelined',
        'node:dns Resolver (c-ares)',
      ]) {
        const row = cells.find((one) => one[1] === label)!
        expect(Number(row[3])).toBeGreaterThan(0)
        expect(row[7]).toBe('0.000 %')
      }
      expect(rows.filter((row) => row.includes('memory per query in flight'))).toHaveLength(2)
      // So few questions measure nothing: nothing is called met or missed.
      expect(stdout).not.toMatch(/\| (met|MISSED) \|/)
    },
  )

  test('a wrong argument ends it with the usage', () => {
    const { status, stderr } = spawnSync(process.execPath, [BENCH, '--rounds', 'many'], { encoding: 'utf8' })
    expect(status).toBe(2)
    expect(stderr).toMatch(/^--rounds: expected a whole number above 0, got many\nusage: /)
  })
})

describe('its questions', () => {
  test('are of three types in turn, on 10,000 names, each with one known answer', () => {
    const questions = benchQuestions()
    expect(questions.slice(0, 3).map(({ type }) => type)).toEqual(['A', 'AAAA', 'NS'])
    expect(new Set(questions.map(({ name }) => name)).size).toBe(10_000)
    expect(expectedAnswers().get('h0.z0.example A')?.expected).toBe('10.0.0.1')
  })

  test('repeat none that up to 1,500 others before it were', () => {
    const questions = benchQuestions().map(({ name, type }) => `${name} ${type}`)
    for (const start of [0, 1, 1_499, 20_000])
      expect(new Set(questions.slice(start, start + 1_500)).size).toBe(1_500)
  })
})

describe('its figures', () => {
  test('the median of an even number is the middle of the two in the middle', () => {
    expect(median([5, 1, 3])).toBe(3)
    expect(median([4, 1, 3, 2])).toBe(2.5)
  })

  test('a ratio is taken within each round, not between medians', () => {
    const rounds = [
      round({ a: measured(1), b: measured(10) }),
      round({ a: measured(9), b: measured(10) }),
      round({ a: measured(10), b: measured(100) }),
    ]
    expect(medianRatio(rounds, 'a', 'b')).toBeCloseTo(0.1)
    expect(medianRun(rounds, 'a')).toMatchObject({ cpuUsPerQuery: 9 })
  })

  test('a client that is not installed has its reason for a row, and no ratio', () => {
    const rounds = [round({ a: measured(1), b: { unavailable: 'not installed' } })]
    expect(medianRun(rounds, 'b')).toEqual({ unavailable: 'not installed' })
    expect(medianRatio(rounds, 'a', 'b')).toBeNull()
  })

  test('losses are judged by the worst round', () => {
    const rounds = [
      round({ 'own-plain@1000': measured(1, { retriedPercent: 0.05 }) }),
      round({ 'own-plain@1000': measured(1, { retriedPercent: 0.2 }) }),
    ]
    expect(worst(rounds, 'own-plain@1000', 'retriedPercent')).toBe(0.2)
    const loss = judge(rounds, []).find(({ what }) => what.includes('lost') && what.includes('own-plain'))
    expect(loss?.met).toBe(false)
  })

  test('targets are met at their limit, missed above it, and not judged without figures', () => {
    const verdict = (plain: number): boolean | null | undefined =>
      judge([round({ 'own-plain@200': measured(plain), 'c-ares@200': measured(40) })], []).find(({ what }) =>
        what.includes('c-ares@200'),
      )?.met
    expect(verdict(16)).toBe(true)
    expect(verdict(17)).toBe(false)
    expect(judge([], []).every(({ met }) => met === null)).toBe(true)
  })

  test('memory is judged by what is resident', () => {
    const result = { client: 'own-plain', inFlight: 50_000, liveOctetsPerQuery: 900 } as const
    const verdict = (residentOctetsPerQuery: number): boolean | null | undefined =>
      judge([], [{ ...result, residentOctetsPerQuery }]).find(({ what }) => what.includes('memory'))?.met
    expect(verdict(1_500)).toBe(true)
    expect(verdict(1_501)).toBe(false)
  })

  test('one wrong answer taken makes the whole run wrong', () => {
    expect(allRight([round({ a: measured(1), b: { unavailable: 'not installed' } })])).toBe(true)
    expect(allRight([round({ a: measured(1, { wrongPercent: 0.01 }) })])).toBe(false)
  })
})
