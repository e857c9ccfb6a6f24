// The words of the accuracy bench: tables as Prettier leaves them, sections that leave the rest of the page alone.
import { format } from 'prettier'
import { describe, expect, it } from 'vitest'
import { EQUAL_EDGES, reliability } from '../../bench/accuracy/metrics/calibration.ts'
import { momentsOf } from '../../bench/accuracy/metrics/moments.ts'
import { targetRows } from '../../bench/accuracy/metrics/targets.ts'
import { parseLabels } from '../../bench/accuracy/recorded/labels.ts'
import { recordedTables } from '../../bench/accuracy/recorded/recorded-tables.ts'
import type { JudgedSeries } from '../../bench/accuracy/recorded/recorded-tables.ts'
import { percent, table, time } from '../../bench/accuracy/report/markdown.ts'
import { withSection } from '../../bench/accuracy/report/page-section.ts'
import { populationReport } from '../../bench/accuracy/report/population-report.ts'
import { reliabilitySvg } from '../../bench/accuracy/report/reliability-svg.ts'
import { DEFAULT_POLICY } from '../../src/core/policy.ts'
import { flux, recordOf, said } from './accuracy-records.ts'

const PRETTIER = { parser: 'markdown', printWidth: 110, semi: false, singleQuote: true } as const

describe('a page with a section', () => {
  const page = 'before\n\n<!-- bench -->\n\nold\n\n<!-- /bench -->\n\nafter\n'

  it('has it replaced in place', () => {
    expect(withSection(page, 'bench', 'new\n')).toBe(page.replace('old', 'new'))
  })

  it('is not written to without its markers', () => {
    expect(() => withSection('nothing', 'bench', 'new')).toThrow('<!-- bench -->')
  })
})

describe('a report', () => {
  const records = [
    recordOf('single', [said('pending', 1), flux('single', 4)], {
      panel: [{ detector: 'holz-2008', flags: true }],
    }),
    recordOf('double', [flux('single', 4)], { isEvasion: true, group: 'cloud-flux' }),
    recordOf('ns', [said('pending', 1)], { parameters: { ttlSeconds: 60 } }),
    recordOf(null, [flux('ns', 5)], { group: 'volunteer-pool', parameters: { width: 4 } }),
    recordOf(null, [said('no_flux_seen', 9)]),
    recordOf('single', [flux('single', 1)], { way: 'direct' }),
  ]
  const moments = momentsOf(
    records.filter(({ way }) => way === 'resolvers'),
    DEFAULT_POLICY.priors,
  )
  const text = populationReport({
    command: 'npm run bench:accuracy',
    model: 'test',
    split: 'report',
    seed: 1,
    records,
    targets: targetRows({ records, calibrationError: null, assessCost: null }),
    moments,
    priors: DEFAULT_POLICY.priors,
  })

  it('is left by Prettier as it is', async () => {
    expect(await format(`${text.trim()}\n`, PRETTIER)).toBe(`${text.trim()}\n`)
  })

  it('lists what was wrong with what was drawn', () => {
    expect(text).toMatch(/1 called `flux` and benign:[^]*volunteer-pool[^]*width 4/)
    expect(text).toMatch(/1 flux and never called so:[^]*ns-flux[^]*ttlSeconds 60/)
    expect(text).toMatch(/1 flux of another type than was said at the end:[^]*cloud-flux/)
  })

  it('counts the ways of watching apart', () => {
    expect(text).toMatch(/the same and the direct vantage +\| 1 +\| 100.0 %/)
  })
})

describe('tables and numbers', () => {
  it('have columns as wide as their widest cell', () => {
    expect(table(['a', 'b'], [['long cell', '…']])).toBe(
      ['| a         | b   |', '| --------- | --- |', '| long cell | …   |'].join('\n'),
    )
  })

  it('read well', () => {
    expect([percent(0.12345), percent(0.0005), percent(0), percent(null)]).toEqual([
      '12.3 %',
      '0.05 %',
      '0.0 %',
      '',
    ])
    expect([61, 600, 90_000, Infinity, null].map(time)).toEqual(['61 s', '10 min', '25.0 h', 'never', ''])
  })
})

describe('a reliability diagram', () => {
  it('has a point for each bin that holds somebody', () => {
    const bins = reliability(
      [
        { score: 0.05, truth: 'none' },
        { score: 0.95, truth: 'single' },
      ],
      DEFAULT_POLICY.priors,
      EQUAL_EDGES,
    )
    const svg = reliabilitySvg([{ name: 'at the end', bins }])
    // Two bins, and the key.
    expect(svg.match(/<circle/g)).toHaveLength(3)
    expect(svg).toContain('at the end')
  })
})

describe('recorded sets', () => {
  const labels = parseLabels(
    [
      'set,domain,label,kind,class,campaign',
      's,bad.example,flux,double,double-flux,one',
      's,worse.example,flux,double,double-flux,one',
      's,good.example,benign,none,web,',
    ].join('\n'),
  )
  const series = (domain: string, more: Partial<JudgedSeries>): JudgedSeries => ({
    set: 's',
    domain,
    label: labels.get(`s ${domain}`)!,
    verdict: 'pending',
    fluxType: null,
    score: 0.1,
    responses: 9,
    flaggedAfter: null,
    panel: [{ detector: 'holz-2008', value: 1, flags: domain === 'bad.example' }],
    ...more,
  })
  const text = recordedTables([
    series('bad.example', { verdict: 'flux', fluxType: 'double', score: 0.99, flaggedAfter: 4 }),
    series('worse.example', {}),
    series('good.example', { flaggedAfter: 7, verdict: 'suspicious', score: 0.6 }),
  ])
  const rowOf = (words: string) =>
    text
      .split('\n')
      .find((line) => line.startsWith(`| ${words}`))!
      .split('|')
      .map((cell) => cell.trim())

  it('are told campaign by campaign', () => {
    expect(rowOf('s double-flux one').slice(2, -1)).toEqual(['2', '1', '0', '0', '0', '0', '1', '0'])
    expect(text).toMatch(/\| s double-flux one +\| yes +\| 1 of 2 \(50.0 %\) \| 4/)
    expect(rowOf('holz-2008').slice(2, 4)).toEqual(['1 of 2', '0 of 1'])
  })

  it('list the wrong ones by name', () => {
    expect(text).toMatch(/Labelled benign and called `flux` at some time:[^]*good.example/)
    expect(text).toMatch(/Labelled flux and not called so at the end:[^]*worse.example/)
  })

  it('are refused when the labels are of another form', () => {
    expect(() => parseLabels('domain,label\n')).toThrow('domain,label')
  })
})
