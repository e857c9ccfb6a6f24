// What the accuracy bench keeps of a watch, and that it runs from the command line to the end.
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { nextMove, probesSince } from '../../bench/accuracy/name-server-move.ts'
import { readOptions } from '../../bench/accuracy/options.ts'
import { recordWatch } from '../../bench/accuracy/record-watch.ts'
import { runWatches } from '../../bench/accuracy/run-watches.ts'
import { LOOK_ALIKES, watchOrders } from '../../bench/accuracy/watch-orders.ts'
import { CHECKPOINTS } from '../../bench/accuracy/watch-record.ts'
import { movingNameServer, sampleMember, START } from '../lab/watch/sample-member.ts'
import { flux, said } from './accuracy-records.ts'

const BENCH = join(import.meta.dirname, '..', '..', 'bench', 'accuracy.ts')
const at = (seconds: number): number => START + seconds * 1000

describe('a record of a watch', () => {
  const order = { index: 3, way: 'resolvers', startAt: START, forSeconds: 1800 } as const
  const record = recordWatch(sampleMember(), order)

  it('has each change of the verdict, and the last word', () => {
    expect(record.path[0]).toMatchObject({ verdict: 'pending', rounds: 1, probes: 1, questions: 3 })
    expect(record.last.seconds).toBe(1800)
    const spoken = record.path.map(({ verdict, fluxType }) => `${verdict} ${fluxType}`)
    expect(spoken.every((one, place) => one !== spoken[place - 1])).toBe(true)
  })

  it('has what was said within each number of probes', () => {
    for (const [place, probes] of CHECKPOINTS.entries()) {
      expect(record.atProbes[place]!.probes).toBeLessThanOrEqual(probes)
    }
  })

  it('counts the direct vantage’s questions, and no probes for them', () => {
    const { last } = recordWatch(sampleMember(), { ...order, way: 'direct' })
    expect(last.questions).toBeGreaterThan(last.probes * 3)
    expect(last.probes).toBeLessThanOrEqual(last.rounds)
  })
})

describe('the first move of a name server', () => {
  it('is the earliest of the watch', () => {
    const servers = [movingNameServer('ns1.a.example', 900), movingNameServer('ns2.a.example', 300)]
    expect(nextMove(servers, START, at(3600))).toBe(at(300))
    expect(nextMove(servers, START, at(200))).toBeNull()
  })

  const rounds = new Map([
    ['a.example', [0, 200, 600].map(at)],
    ['ns1.a.example', [0, 150, 250, 350, 450].map(at)],
  ])
  const last = { sharedRounds: rounds, nameServerMovedAt: at(250) }

  it('is followed by probes of the busiest target until it is called by its name', () => {
    const path = [said('pending', 1), said('flux', 6, { seconds: 360, fluxType: 'ns' })]
    expect(probesSince(at(100), path, last, START)).toEqual({
      seconds: 100,
      seenSeconds: 250,
      saidSeconds: 360,
      probesAfter: 3,
      probesAfterSeen: 2,
    })
  })

  it('is not called by its name where the addresses alone are', () => {
    expect(probesSince(at(100), [flux('single', 2)], last, START)).toMatchObject({
      saidSeconds: null,
      probesAfter: null,
    })
  })

  it('takes no probe where it was said before', () => {
    const path = [said('flux', 1, { seconds: 60, fluxType: 'ns' })]
    expect(probesSince(at(100), path, last, START)).toMatchObject({ saidSeconds: 100, probesAfter: 0 })
  })
})

describe('the orders of a bench', () => {
  it('have five look-alikes for each flux member, all of them watched by resolvers', () => {
    const orders = watchOrders({ members: 3, split: 'report', groups: [] })
    const plain = orders.filter(({ way }) => way === 'resolvers')
    const isFlux = ({ group }: { readonly group: string }) => group.endsWith('-flux')
    const flows = plain.filter(isFlux).length
    expect((plain.length - flows) / flows).toBeGreaterThanOrEqual(LOOK_ALIKES)
    expect(new Set(orders.map(({ way }) => way)).size).toBe(4)
  })
})

describe('the watches of a bench', () => {
  it('are the same, in the same order, however many threads share them', { timeout: 60_000 }, async () => {
    const options = {
      members: 2,
      split: 'report',
      seed: 5,
      groups: ['regional-flux', 'anycast-set'],
    } as const
    const orders = watchOrders(options)
    const told: string[] = []
    const alone = await runWatches(orders, { ...options, jobs: 1 }, (line) => told.push(line))
    const shared = await runWatches(orders, { ...options, jobs: 3 }, () => {})
    expect(shared).toEqual(alone)
    expect(alone.map(({ group, index, way }) => [group, index, way])).toEqual(
      orders.map(({ group, index, way }) => [group, index, way]),
    )
    expect(told.at(-1)).toContain(`watched ${orders.length} of ${orders.length}`)
  })
})

describe('the command line', () => {
  it('reads its options, and refuses what it does not know', () => {
    expect(readOptions(['--members', '7', '--groups', 'static,cdn'])).toMatchObject({
      members: 7,
      groups: ['static', 'cdn'],
      split: 'report',
      write: true,
    })
    expect(() => readOptions(['--members', 'many'])).toThrow('--members')
    expect(() => readOptions(['--split', 'both'])).toThrow('--split')
    expect(() => readOptions(['--what'])).toThrow('--what')
  })

  it('runs the bench to the end', { timeout: 90_000 }, () => {
    const args = [BENCH, '--members', '1', '--jobs', '1', '--groups', 'static,regional-flux', '--print']
    const { status, stdout, stderr } = spawnSync(process.execPath, args, {
      encoding: 'utf8',
      timeout: 80_000,
    })
    expect(stderr).toContain('watched')
    expect(status).toBe(0)
    for (const heading of ['### Targets', '### False alarms', '### Calibration', '### What was wrong']) {
      expect(stdout).toContain(heading)
    }
    expect(stdout).toContain('6 names of 2 groups')
  })

  it('ends with the usage when it is told nonsense', () => {
    const { status, stderr } = spawnSync(process.execPath, [BENCH, '--jobs', '0'], { encoding: 'utf8' })
    expect(status).toBe(2)
    expect(stderr).toContain('usage: npm run bench:accuracy')
  })
})
