import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { CountingHistory, type Counted } from '../../bench/pipeline/counting-history.ts'
import { judged, judgedAtLeast } from '../../bench/pipeline/judged.ts'
import { kindOf } from '../../bench/pipeline/key-kinds.ts'
import {
  assessSeeded,
  fluxingHost,
  nameServerHost,
  settledHost,
  zoneSeries,
} from '../../bench/pipeline/seed-series.ts'
import { readUnitCosts, writeUnitCosts } from '../../bench/pipeline/unit-costs.ts'
import {
  hosterOf,
  ipv4Of,
  ipv6Of,
  nameOf,
  nameServersOf,
  recordsOf,
  zonesOf,
} from '../../bench/pipeline/watched-names.ts'
import { canonicalAddress } from '../../src/core/net/address.ts'
import { keys } from '../../src/store/keys.ts'
import { observationOf } from '../store/live-house.ts'

const BENCH = join(import.meta.dirname, '..', '..', 'bench', 'pipeline.ts')
const T = 1_770_000_000_000

describe('the bench of the pipeline', () => {
  test(
    'runs every part to its end, with answers to all questions and names that stay settled',
    { timeout: 180_000 },
    () => {
      const { status, stdout, stderr } = spawnSync(
        process.execPath,
        [BENCH, '--quick', '--authority', 'own'],
        {
          encoding: 'utf8',
          timeout: 170_000,
        },
      )
      expect(status, stderr).toBe(0)
      const measured = new Map(
        stdout
          .split('\n')
          .filter((line) => line.startsWith('| '))
          .map((row) => row.split('|').map((cell) => cell.trim()))
          .map((cells) => [cells[1]!, cells[3]!]),
      )
      for (const what of [
        'whole round / six questions of the bare engine',
        'with history in SQLite / bare engine',
        'rounds a second, two workers / one',
        'intake by NDJSON / a bare pipeline of ZADD and HSET',
        'Redis memory per settled name, 300 loaded',
        'a round with 300 watched names / with 60',
      ])
        expect(Number.parseFloat(measured.get(what)!), what).toBeGreaterThan(0)
      for (const what of [
        'GET verdict of a settled name',
        'GET verdict of a flagged name',
        'resident memory of',
      ])
        expect([...measured.keys()].filter((row) => row.startsWith(what))).toHaveLength(1)
      expect(measured.get('on the wire, host round')).toMatch(/^12 packets, /)
    },
  )

  test('knows its parts by name', () => {
    const { status, stderr } = spawnSync(process.execPath, [BENCH, '--only', 'rounds'], { encoding: 'utf8' })
    expect(status).toBe(2)
    expect(stderr).toContain('--only: expected round, flat')
  })
})

describe('its names', () => {
  test('have addresses of their own, written as the prober writes them', () => {
    for (const addressOf of [ipv4Of, ipv6Of]) {
      const addresses = Array.from({ length: 100_000 }, (_, index) => addressOf(index))
      expect(new Set(addresses).size).toBe(100_000)
      for (const address of addresses.slice(65_500, 65_600)) expect(canonicalAddress(address)).toBe(address)
    }
  })

  test('lie in zones that say what the bench’s own answerer says', () => {
    const zones = zonesOf(2_001)
    expect(zones).toHaveLength(2_001)
    const own = zones.find(({ name }) => name === nameOf(7))!
    for (const type of ['A', 'AAAA'])
      for (const { data } of recordsOf(nameOf(7), type)) expect(own.text).toContain(`@ ${type} ${data}\n`)
    for (const { data } of recordsOf(nameOf(7), 'NS')) expect(own.text).toContain(`@ NS ${data}.\n`)
    expect(zones.at(-1)!.text).toContain(`n2000 A ${ipv4Of(2_000)}\n`)
    expect(zones.at(-1)!.text).not.toContain('n1999 ')
  })

  test('are settled and flagged after their seed, as the service would call them', () => {
    const zone = zoneSeries(3, T)
    const servers = nameServersOf(hosterOf(3)).map((_, server) => nameServerHost(hosterOf(3), server, T))
    const settled = assessSeeded('settled', settledHost(3, T), zone, servers)
    expect(settled).toMatchObject({ domain: nameOf(3), verdict: 'no_flux_seen' })
    expect(assessSeeded('fluxing', fluxingHost(3, T), zone, servers).verdict).toBe('flux')
  })
})

describe('its counts', () => {
  test('of rounds that reach history are those of distinct rounds, and tell what was no answer', async () => {
    const counted: Counted[] = []
    const history = new CountingHistory(null, (one) => counted.push(one))
    const first = observationOf('host:a.test', 1)
    await history.append([
      first,
      { ...first, vantage: 'w', outcome: 'answer' },
      observationOf('host:a.test', 2),
    ])
    await history.append([observationOf('zone:a.test', 2)])
    expect(counted).toEqual([
      { rounds: 2, unanswered: 2 },
      { rounds: 1, unanswered: 1 },
    ])
  })

  test('of keys are by what a key is about, not by which name', () => {
    const name = 'n1.test'
    expect(kindOf(keys.target(name, `host:${name}`))).toBe('t:host')
    expect(kindOf(keys.references(name, `zone:${name}`))).toBe('references:zone')
    expect(kindOf(keys.assessment(name))).toBe('assessment')
    expect(kindOf(keys.due('73s'))).toBe('due')
  })
})

describe('its judgements', () => {
  test('meet a limit at the limit, and judge nothing that has none or was not measured', () => {
    expect(judged('x', 2, 2, 'CPU x')).toMatchObject({ limit: '<= 2 CPU x', measured: '2 CPU x', met: true })
    expect(judged('x', 2, 2.01, 'CPU x').met).toBe(false)
    expect(judged('x', null, 1, 'us').met).toBeNull()
    expect(judged('x', 2, null, 'us')).toMatchObject({ measured: 'not available', met: null })
    expect(judgedAtLeast('x', 1.7, 1.69, 'x')).toMatchObject({ limit: '>= 1.7 x', met: false })
  })

  test('leave unit costs that were not measured anew as they were', () => {
    const folder = mkdtempSync(join(tmpdir(), 'fw-costs-'))
    const path = join(folder, 'unit-costs.json')
    writeUnitCosts({ measured: 'then', redisOctetsPerName: 449.96 }, path)
    writeUnitCosts({ measured: 'now', historyOctetsPerRound: 90 }, path)
    expect(() => readUnitCosts(path)).toThrow('lacks hostRound, zoneRound, hostWire')
    const wire = { packets: 12, octets: 1_000 }
    const cost = { workerUs: 1, redisUs: 2 }
    const rest = { hostRound: cost, zoneRound: cost, hostWire: wire, zoneWire: wire, namesLoaded: 10 }
    writeUnitCosts({ ...rest, intake: { apiUs: 1, redisUs: 1 } }, path)
    expect(readUnitCosts(path)).toMatchObject({
      measured: 'now',
      redisOctetsPerName: 450,
      historyOctetsPerRound: 90,
    })
    rmSync(folder, { recursive: true })
  })
})
