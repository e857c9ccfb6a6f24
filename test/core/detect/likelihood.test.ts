import { describe, expect, it } from 'vitest'
import { lean } from '../../../src/core/detect/likelihood.ts'
import { readSide } from '../../../src/core/detect/model/model-file.ts'
import type { StoredSide } from '../../../src/core/detect/model/model-file.ts'
import type { Sign } from '../../../src/core/detect/signs/sign.ts'
import { FeatureTable } from '../../../src/core/features/feature-definition.ts'

// One way to flux, two to be benign, and two signs of two steps each, so that everything can be done by hand.
const cents = (...probabilities: number[]) => probabilities.map((one) => Math.log(one) * 100)
const STORED: StoredSide = {
  classes: ['flux', 'static', 'anycast-set'],
  shares: [1, 0.75, 0.25],
  regimes: [
    { regime: 'plain', offset: 0, tempers: { moves: 1, homes: 0.5 } },
    { regime: 'shifted', offset: -1, tempers: { moves: 1, homes: 0.5 } },
  ],
  signs: {
    moves: { capNats: 9, tables: [[cents(0.1, 0.9), cents(0.9, 0.1), cents(0.2, 0.8)]] },
    homes: { capNats: 9, tables: [[cents(0.2, 0.8), cents(0.8, 0.2), cents(0.9, 0.1)]] },
  },
}
const EXPECTED = { flux: ['flux'], benign: ['static', 'anycast-set'], regimes: ['plain', 'shifted'] }
const SIDE = readSide(STORED, EXPECTED)

const sign = (table: string): Sign => ({
  id: table,
  table,
  about: 'addresses',
  feature: table,
  unit: 'ratio',
  edges: [0.5],
  stage: null,
  capNats: 9,
  source: 'worked example',
  text: () => `${table}.`,
})
const SIGNS = [sign('moves'), sign('homes')]
const features = (values: Readonly<Record<string, number | null>>) =>
  new FeatureTable(Object.entries(values).map(([id, value]) => ({ id, unit: 'ratio', value, support: 1 })))

describe('the leaning of one side', () => {
  it('is the log of flux against the benign mixture: one sign, ln(0.9 / (0.75 · 0.1 + 0.25 · 0.8))', () => {
    const { odds, innocent } = lean(SIDE, 0, SIGNS, features({ moves: 1, homes: null }))
    expect(odds).toBeCloseTo(Math.log(0.9 / 0.275), 10)
    expect(innocent).toEqual({ kind: 'anycast-set', share: expect.closeTo(0.2 / 0.275, 10) })
  })

  it('tempers a sign: half of its log-likelihood counts', () => {
    const { odds } = lean(SIDE, 0, SIGNS, features({ moves: 1, homes: 1 }))
    const benign = 0.75 * 0.1 * Math.sqrt(0.2) + 0.25 * 0.8 * Math.sqrt(0.1)
    expect(odds).toBeCloseTo(Math.log((0.9 * Math.sqrt(0.8)) / benign), 10)
  })

  it('weighs a sign by what the odds would lose without it', () => {
    const both = lean(SIDE, 0, SIGNS, features({ moves: 1, homes: 1 }))
    const alone = lean(SIDE, 0, SIGNS, features({ moves: 1, homes: null }))
    expect(both.signs.find((one) => one.sign.id === 'homes')!.weight).toBeCloseTo(both.odds - alone.odds, 10)
  })

  it('lets a context list make one benign class likelier, and nothing else', () => {
    const read = features({ moves: 1, homes: null })
    const shifted = lean(SIDE, 0, SIGNS, read, [{ explains: 'anycast-set', nats: Math.log(3) }])
    expect(shifted.odds).toBeCloseTo(Math.log(0.9 / (0.075 + 3 * 0.2)), 10)
  })

  it('gives a list little to say about a class that what was seen rules out', () => {
    const moving = features({ moves: 1, homes: 1 })
    const plain = lean(SIDE, 0, SIGNS, moving).odds
    const taken = (explains: 'static' | 'anycast-set') =>
      plain - lean(SIDE, 0, SIGNS, moving, [{ explains, nats: 2 }]).odds
    expect(taken('static')).toBeLessThan(taken('anycast-set'))
    expect(taken('anycast-set')).toBeLessThan(2)
  })

  it('is nothing when nothing was read, whatever the offset of the regime', () => {
    expect(lean(SIDE, 1, SIGNS, features({ moves: null, homes: null }))).toEqual({
      odds: 0,
      signs: [],
      innocent: null,
    })
    expect(lean(SIDE, 1, SIGNS, features({ moves: 1, homes: null })).odds).toBeCloseTo(
      Math.log(0.9 / 0.275) - 1,
      10,
    )
  })

  it('refuses a model whose classes or regimes are not those of the code', () => {
    expect(() => readSide(STORED, { ...EXPECTED, benign: ['anycast-set', 'static'] })).toThrow(
      'flux,static,anycast-set',
    )
    expect(() => readSide(STORED, { ...EXPECTED, regimes: ['plain'] })).toThrow('plain,shifted')
  })
})
