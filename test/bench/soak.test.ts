import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { Lateness, LogHistogram, partitionSpread } from '../../bench/pipeline/lateness.ts'
import { ScriptedWorld } from '../../bench/pipeline/scripted-world.ts'
import { flatness, limitedTable, type FreeHour } from '../../bench/pipeline/soak-report.ts'
import { capacityOf } from '../../bench/pipeline/soak-run.ts'
import { VirtualClock } from '../../bench/pipeline/virtual-clock.ts'
import { nameOf, VANTAGES } from '../../bench/pipeline/watched-names.ts'

const SOAK = join(import.meta.dirname, '..', '..', 'bench', 'soak.ts')
const T = 1_770_000_000_000

describe('the soak', () => {
  test(
    'watches names for an hour, and for an hour with half of the capacity, in which nobody overtakes an older one',
    { timeout: 180_000 },
    () => {
      const args = [
        '--names',
        '20',
        '--hours',
        '1',
        '--halved-hours',
        '1',
        '--churn-every',
        '10',
        '--step-ms',
        '20000',
      ]
      const { status, stdout, stderr } = spawnSync(process.execPath, [SOAK, ...args], {
        encoding: 'utf8',
        timeout: 170_000,
      })
      expect(status, stderr).toBe(0)
      expect(stdout).toMatch(/^Rounds by result: [\d,]+ committed\.$/m)
      expect(stdout).toContain('18 no_flux_seen')
      expect(stdout).toContain('Nothing failed.')
      const rows = stdout.split('\n').filter((line) => / to \d+ s +\| +\d/.test(line))
      const cells = rows.map((row) => row.split('|').map((cell) => cell.trim()))
      expect(cells.length).toBeGreaterThan(1)
      expect(cells.map((row) => row.at(-2))).toEqual(cells.map(() => '0'))
    },
  )
})

describe('its clock', () => {
  test('wakes sleepers when it has come so far, and at once when they are given up', async () => {
    const clock = new VirtualClock(T)
    const woken: string[] = []
    const abort = new AbortController()
    const first = clock.sleep(100).then(() => woken.push('first'))
    const second = clock.sleep(200).then(() => woken.push('second'))
    const third = clock.sleep(1_000, abort.signal).then(() => woken.push('third'))
    clock.advanceTo(T + 150)
    await first
    expect(woken).toEqual(['first'])
    abort.abort()
    await third
    clock.advanceTo(T + 200)
    await second
    expect(woken).toEqual(['first', 'third', 'second'])
  })

  test('never goes back', () => {
    const clock = new VirtualClock(T)
    clock.advanceTo(T - 1)
    expect(clock.now()).toBe(T)
  })
})

describe('its lateness', () => {
  test('is told in units of the wait that was planned, and not for a first round', () => {
    const lateness = new Lateness()
    lateness.note({ id: 'host:a.test', partition: 'p00', dueAt: T }, null, T + 5_000)
    lateness.note({ id: 'host:b.test', partition: 'p00', dueAt: T }, T - 60_000, T + 30_000)
    lateness.note({ id: 'host:c.test', partition: 'p01', dueAt: T }, T - 10_000, T + 1_000)
    expect(lateness.inSeconds.total).toBe(3)
    expect(lateness.inWaits.total).toBe(2)
    expect(lateness.worst).toEqual({ id: 'host:b.test', waits: 0.5 })
    const { lowest, highest } = partitionSpread(lateness)
    expect(lowest).toBeCloseTo(1, 1)
    expect(highest).toBeGreaterThan(4.9)
  })

  test('has percentiles that are right to five percent, in bounded room', () => {
    const histogram = new LogHistogram()
    for (let value = 1; value <= 10_000; value++) histogram.add(value / 10_000)
    for (const share of [0.01, 0.5, 0.99]) {
      expect(histogram.percentile(share)).toBeGreaterThanOrEqual(share)
      expect(histogram.percentile(share)).toBeLessThanOrEqual(share * 1.05 + 1e-9)
    }
    expect(histogram.percentile(1)).toBe(1)
    expect(new LogHistogram().percentile(0.5)).toBe(0)
  })
})

describe('its capacity', () => {
  test('is a multiple of the partitions, at the rate that was asked for', () => {
    for (const rate of [0.13, 2, 160, 1_234]) {
      const { rounds, everyMs } = capacityOf(rate, 16)
      expect(rounds % 16).toBe(0)
      expect(rounds).toBeGreaterThan(0)
      expect(((rounds / everyMs) * 1000) / rate).toBeCloseTo(1, 2)
    }
  })
})

describe('its world', () => {
  test('stands still but for the names that churn, whose answers are others in each TTL and to each vantage', async () => {
    const clock = new VirtualClock(T)
    const world = new ScriptedWorld(clock, 10)
    const look = async (index: number) =>
      (await world.probe([{ name: nameOf(index), type: 'A' }])).map(({ answer }) =>
        answer.map(({ data }) => data).join(),
      )
    const [still, moving] = [await look(3), await look(10)]
    expect(new Set(still).size).toBe(1)
    expect(new Set(moving).size).toBe(VANTAGES.length)
    clock.advanceTo(T + 301_000)
    expect(await look(3)).toEqual(still)
    expect((await look(10)).some((answer) => moving.includes(answer))).toBe(false)
    expect(world.askedAt.get('host:n10.test')).toBe(T + 301_000)
  })
})

describe('its report', () => {
  test('says by how much memory grew after the first quarter', () => {
    const hour = (number: number, residentOctets: number): FreeHour => ({
      hour: number,
      rounds: 10,
      realSeconds: 1,
      lateness: new Lateness(),
      residentOctets,
      redisOctets: 1e6,
    })
    expect(flatness([hour(1, 50e6), hour(2, 100e6), hour(3, 100e6), hour(4, 110e6)])).toBe(
      'From hour 2 to hour 4 resident memory grew by 10.0 %, Redis by 0.0 %.',
    )
    expect(flatness([hour(1, 1)])).toContain('Too few hours')
  })

  test('shows how far apart the partitions are', () => {
    const lateness = new Lateness()
    lateness.note({ id: 'host:a.test', partition: 'p00', dueAt: T }, T - 1_000, T + 10_000)
    lateness.note({ id: 'host:b.test', partition: 'p01', dueAt: T }, T - 1_000, T + 20_000)
    const text = limitedTable([{ fromSeconds: 0, toSeconds: 60, rounds: 2, lateness, outOfOrder: 0 }])
    expect(text).toMatch(/\| 0 to 60 s \| 2 +\|/)
    expect(text).toMatch(/1\d to 20 s/)
  })
})
