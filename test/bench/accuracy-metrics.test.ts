// The accuracy bench's arithmetic, by examples that can be done by hand.
import { describe, expect, it } from 'vitest'
import {
  EQUAL_EDGES,
  expectedCalibrationError,
  reliability,
} from '../../bench/accuracy/metrics/calibration.ts'
import { confusion, sayingOf } from '../../bench/accuracy/metrics/confusion.ts'
import {
  delays,
  flaggedWithinProbes,
  flaggedWithinSeconds,
  groupRows,
  typeRight,
} from '../../bench/accuracy/metrics/detection.ts'
import { falseAlarms } from '../../bench/accuracy/metrics/false-alarms.ts'
import { momentsOf, scoreAt } from '../../bench/accuracy/metrics/moments.ts'
import { nameServerFlux } from '../../bench/accuracy/metrics/name-server-flux.ts'
import { panelRows } from '../../bench/accuracy/metrics/panel-rates.ts'
import { roc } from '../../bench/accuracy/metrics/roc.ts'
import { quantile, ratio, shareOf, wilson } from '../../bench/accuracy/metrics/share.ts'
import { targetRows } from '../../bench/accuracy/metrics/targets.ts'
import { flux, recordOf, said } from './accuracy-records.ts'

const PRIORS = { none: 0.9, single: 0.06, ns: 0.02, double: 0.02 }

describe('a share', () => {
  it('has the interval of Wilson', () => {
    const [low, high] = wilson({ count: 5, total: 10 })
    expect(low).toBeCloseTo(0.2366, 4)
    expect(high).toBeCloseTo(0.7634, 4)
    expect(wilson({ count: 0, total: 10 })[1]).toBeCloseTo(0.2775, 4)
  })

  it('of nothing says nothing', () => {
    expect(wilson({ count: 0, total: 0 })).toEqual([0, 1])
    expect(ratio(shareOf([], () => true))).toBeNull()
  })

  it('has quantiles that are values which were there', () => {
    expect(quantile([30, 10, 20, 40], 0.5)).toBe(20)
    expect(quantile([30, 10, 20, 40], 0.9)).toBe(40)
    expect(quantile([], 0.5)).toBeNull()
  })
})

describe('truth against verdict', () => {
  const records = [
    recordOf(null, [said('no_flux_seen', 9)]),
    recordOf(null, [flux('single', 4), said('suspicious', 9)]),
    recordOf('single', [said('pending', 1), flux('single', 4)]),
    recordOf('double', [flux('single', 4)]),
    recordOf('ns', [said('pending', 9)]),
  ]

  it('counts what was said at the end', () => {
    const counts = confusion(records)
    expect(counts.none).toMatchObject({ no_flux_seen: 1, suspicious: 1, 'flux single': 0 })
    expect(counts.double['flux single']).toBe(1)
    expect(sayingOf(flux('ns', 1))).toBe('flux ns')
  })

  it('counts an alarm that was taken back', () => {
    const { all, groups, records: wrong } = falseAlarms(records)
    expect([all.count, all.total]).toEqual([1, 2])
    expect(groups.map(({ group, count }) => [group, count])).toEqual([['static', 1]])
    expect(all.upper).toBeCloseTo(wilson({ count: 1, total: 2 })[1], 6)
    expect(wrong).toEqual([records[1]])
  })

  it('looks at the type of those alone that are called flux', () => {
    expect(typeRight(records)).toEqual({ count: 1, total: 2 })
  })
})

describe('detection', () => {
  const records = [
    recordOf('single', [said('pending', 1), flux('single', 4)], { ttlSeconds: 120 }),
    recordOf('single', [said('pending', 1), flux('single', 10)], { ttlSeconds: 0 }),
    recordOf('single', [said('suspicious', 8)]),
  ]

  it('is told within probes and within seconds', () => {
    expect(flaggedWithinProbes(records, 3)).toEqual({ count: 0, total: 3 })
    expect(flaggedWithinProbes(records, 4)).toEqual({ count: 1, total: 3 })
    expect(flaggedWithinSeconds(records, 599)).toEqual({ count: 1, total: 3 })
    expect(flaggedWithinSeconds(records, 600)).toEqual({ count: 2, total: 3 })
  })

  it('takes its time in seconds, probes and TTLs, where there is a TTL, and for ever where it is missed', () => {
    expect(delays(records)).toEqual({
      seconds: { median: 600, p90: Infinity },
      probes: { median: 10, p90: Infinity },
      ttls: { median: 2, p90: Infinity },
    })
  })

  it('has a row for each group', () => {
    const [row, ...others] = groupRows(records)
    expect(others).toEqual([])
    expect(row).toMatchObject({
      group: 'single-flux',
      isFlux: true,
      members: 3,
      flagged: { count: 2, total: 3 },
      suspicious: { count: 1, total: 3 },
    })
  })
})

describe('a ROC', () => {
  const scored = [
    { score: 0.9, isFlux: true },
    { score: 0.8, isFlux: true },
    { score: 0.7, isFlux: false },
    { score: 0.4, isFlux: true },
    { score: 0.3, isFlux: false },
  ]

  it('has the share of rightly ordered pairs beneath it', () => {
    // Of six pairs, one is the wrong way round.
    expect(roc(scored, []).auc).toBeCloseTo(5 / 6, 12)
  })

  it('counts ties half', () => {
    const tied = [
      { score: 0.5, isFlux: true },
      { score: 0.5, isFlux: false },
    ]
    expect(roc(tied, []).auc).toBe(0.5)
  })

  it('finds as much flux as the false alarms allow', () => {
    expect(roc(scored, [0, 0.5, 1]).tprAt).toEqual([2 / 3, 1, 1])
  })

  it('is undefined without one of the two kinds', () => {
    expect(roc([{ score: 1, isFlux: true }], [0.1])).toMatchObject({ auc: null, tprAt: [null] })
  })
})

describe('calibration', () => {
  it('weighs the truths by the prior', () => {
    // One benign and one single at the same score: of the two, 0.06 of 0.96 flux.
    const bins = reliability(
      [
        { score: 0.25, truth: 'none' },
        { score: 0.25, truth: 'single' },
      ],
      PRIORS,
      EQUAL_EDGES,
    )
    const bin = bins.find(({ members }) => members > 0)!
    expect([bin.from, bin.to, bin.members]).toEqual([0.2, 0.3, 2])
    expect(bin.weight).toBeCloseTo(1, 12)
    expect(bin.fluxShare).toBeCloseTo(0.06 / 0.96, 12)
    expect(expectedCalibrationError(bins)).toBeCloseTo(0.25 - 0.06 / 0.96, 12)
  })

  it('is perfect for a score that is right in every bin', () => {
    const judged = [
      { score: 0, truth: 'none' as const },
      { score: 1, truth: 'single' as const },
    ]
    expect(expectedCalibrationError(reliability(judged, PRIORS, EQUAL_EDGES))).toBe(0)
  })

  it('puts the highest score into the last bin', () => {
    const bins = reliability([{ score: 1, truth: 'single' }], PRIORS, EQUAL_EDGES)
    expect(bins.at(-1)!.members).toBe(1)
  })
})

describe('moments of a watch', () => {
  const record = recordOf('single', [
    said('pending', 1, { score: 0.2 }),
    said('suspicious', 3, { score: 0.6 }),
    flux('single', 12),
  ])

  it('have the last score that was said until then', () => {
    expect([1, 2, 3, 10, null].map((probes) => scoreAt(record, probes))).toEqual([0.2, 0.2, 0.6, 0.6, 0.99])
  })

  it('are ranked and calibrated each for itself', () => {
    const moments = momentsOf([record, recordOf(null, [said('pending', 1, { score: 0.3 })])], PRIORS)
    expect(moments.map(({ name, roc: { auc } }) => [name, auc])).toEqual([
      ['after 1 probe', 0],
      ['after 3 probes', 1],
      ['after 10 probes', 1],
      ['at the end', 1],
    ])
    expect(moments.every(({ calibrationError }) => calibrationError > 0)).toBe(true)
  })
})

describe('the panel', () => {
  it('is counted where it is defined', () => {
    const panel = (flags: boolean | null) => ({ panel: [{ detector: 'holz-2008', flags }] })
    const rows = panelRows([
      recordOf('single', [flux('single', 1)], panel(true)),
      recordOf('single', [flux('single', 1)], panel(null)),
      recordOf(null, [said('pending', 1)], panel(false)),
      recordOf(null, [said('pending', 1)], panel(true)),
    ])
    expect(rows).toEqual([
      {
        detector: 'holz-2008',
        found: { count: 1, total: 1 },
        falseAlarms: { count: 1, total: 2 },
        undefined: { count: 1, total: 4 },
      },
    ])
  })
})

describe('flux of name servers', () => {
  const move = { seconds: 100, seenSeconds: 160, saidSeconds: 400, probesAfter: 4, probesAfterSeen: 2 }
  const row = nameServerFlux('ns', [
    { move },
    { move: { ...move, probesAfter: 2, probesAfterSeen: 1 } },
    { move: { ...move, seenSeconds: null, saidSeconds: null, probesAfter: null, probesAfterSeen: null } },
    { move: null },
  ])

  it('is counted from the change, and from the look that showed it', () => {
    expect(row).toEqual({
      name: 'ns',
      moved: { count: 3, total: 4 },
      seen: { count: 2, total: 3 },
      withinTwo: { count: 1, total: 3 },
      withinTwoSeen: { count: 2, total: 2 },
      said: { count: 2, total: 3 },
    })
  })
})

describe('the targets', () => {
  const rows = (records: Parameters<typeof targetRows>[0]['records']) =>
    targetRows({ records, calibrationError: 0.03, assessCost: { stable: 20, thousand: 300 } })
  const metOf = (found: ReturnType<typeof rows>, words: string) =>
    found.find(({ what }) => what.includes(words))!.met

  it('are met or missed by what was measured', () => {
    const found = rows([
      recordOf('single', [flux('single', 9)]),
      recordOf(null, [flux('single', 9)], { group: 'volunteer-pool' }),
    ])
    expect(metOf(found, 'within 10 probes')).toBe(true)
    expect(metOf(found, 'all groups together')).toBe(false)
    expect(metOf(found, 'worst group (volunteer-pool)')).toBe(false)
    expect(metOf(found, 'type right')).toBe(true)
    expect(metOf(found, 'calibration error')).toBe(false)
    expect(metOf(found, 'stable name')).toBe(true)
    expect(metOf(found, '1,000 addresses')).toBe(false)
    // Nine minutes at a TTL of one.
    expect(metOf(found, 'resolvers only')).toBe(false)
  })

  it('are not judged without anything measured', () => {
    const found = targetRows({ records: [], calibrationError: null, assessCost: null })
    expect(found.every(({ met, measured }) => met === null && measured === '')).toBe(true)
  })
})
