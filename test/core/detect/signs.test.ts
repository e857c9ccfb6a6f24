// The catalogue of signs and the model that weighs them: two tables that must fit each other.
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { currentModel } from '../../../src/core/detect/model/current-model.ts'
import { readModel } from '../../../src/core/detect/model/model-file.ts'
import type { ModelFile, StoredSide } from '../../../src/core/detect/model/model-file.ts'
import { percentOf, toOneDecimal } from '../../../src/core/detect/prose-number.ts'
import { A_SIGNS, AAAA_SIGNS, NAME_SERVER_SIGNS } from '../../../src/core/detect/signs/catalogue.ts'
import type { Sign } from '../../../src/core/detect/signs/sign.ts'
import { stepOf } from '../../../src/core/detect/signs/sign.ts'
import { FEATURE_CATALOGUE } from '../../../src/core/features/catalogue.ts'
import { MODEL_VERSION } from '../../../src/core/policy.ts'
import { tableOf } from './table-of.ts'

const MODEL = currentModel()

const FOLDER = new URL('../../../src/core/detect/model/', import.meta.url)
const FILE = JSON.parse(readFileSync(new URL(`${MODEL_VERSION}.json`, FOLDER), 'utf8')) as ModelFile
const SIGNS = [...A_SIGNS, ...AAAA_SIGNS, ...NAME_SERVER_SIGNS]
const SIDES: readonly (readonly [string, StoredSide, readonly Sign[]])[] = [
  ['addresses', FILE.addresses, [...A_SIGNS, ...AAAA_SIGNS]],
  ['name servers', FILE.nameServers, NAME_SERVER_SIGNS],
]
const tablesOf = (side: StoredSide) =>
  Object.entries(side.signs).flatMap(([name, { tables }]) =>
    tables.map((byClass, stage) => ({ name, stage, byClass })),
  )

/** Every feature with a value of its own, so that a sentence shows whose number it says. Ratios differ by whole percents. */
const SAMPLE = Object.fromEntries(
  FEATURE_CATALOGUE.map(({ id, unit }, index) => [
    id,
    { value: unit === 'ratio' ? (11 + (index % 80)) / 100 : 1000 + index, support: 5000 + index },
  ]),
)

describe('the catalogue of signs', () => {
  it('gives every sign an id of its own, in kebab case', () => {
    const ids = SIGNS.map(({ id }) => id)
    expect(new Set(ids).size).toBe(ids.length)
    for (const id of ids) expect(id).toMatch(/^[a-z]+(-[a-z]+)*$/)
  })

  it.each(SIGNS.map((sign) => [sign.id, sign] as const))('reads %s in rising steps', (_id, sign) => {
    for (const edges of [sign.edges, sign.stage?.edges ?? [0]]) {
      expect(edges.length).toBeGreaterThan(0)
      expect(edges).toEqual([...new Set(edges)].toSorted((a, b) => a - b))
    }
    const below = sign.edges[0]! - 1
    expect([below, ...sign.edges].map((value) => stepOf(value, sign.edges))).toEqual(
      Array.from({ length: sign.edges.length + 1 }, (_, step) => step),
    )
  })

  it.each(SIGNS.map((sign) => [sign.id, sign] as const))('rests %s on features that exist', (_id, sign) => {
    const known = FEATURE_CATALOGUE.map(({ id }) => id)
    expect(known).toContain(sign.feature)
    if (sign.stage !== null) expect(known).toContain(sign.stage.feature)
    expect(sign.read?.(tableOf({})) ?? null).toBeNull()
  })

  it('names a source and a unit for each', () => {
    for (const { id, source, unit, capNats } of SIGNS) {
      expect([id, source.length > 10, unit.length > 0, capNats > 0]).toEqual([id, true, true, true])
    }
  })

  it('gives the AAAA twins the steps of the A signs', () => {
    for (const twin of AAAA_SIGNS) {
      const { edges, stage, table } = A_SIGNS.find(({ table: name }) => name === twin.table)!
      expect([twin.id, table, twin.edges, twin.stage?.edges]).toEqual([
        twin.id,
        twin.table,
        edges,
        stage?.edges,
      ])
    }
  })
})

describe('the sentence of a sign', () => {
  it.each(SIGNS.map((sign) => [sign.id, sign] as const))('%s says the number of its feature', (_id, sign) => {
    const text = sign.text(tableOf(SAMPLE))
    const { value } = SAMPLE[sign.feature]!
    const forms = [String(value), String(toOneDecimal(value)), percentOf(value)]
    expect(
      forms.some((form) => text.includes(form)),
      text,
    ).toBe(true)
    expect(text).toMatch(/^[A-Z0-9].*\.$/)
  })

  it.each(SIGNS.map((sign) => [sign.id, sign] as const))(
    '%s says no number that no feature has',
    (_id, sign) => {
      const said = sign.text(tableOf(SAMPLE)).match(/\d{4,}/g) ?? []
      const measured = Object.values(SAMPLE).flatMap(({ value, support }) => [String(value), String(support)])
      for (const number of said) expect(measured).toContain(number)
    },
  )
})

describe('the model', () => {
  it('is the version that the assessments name', () => {
    expect([FILE.version, MODEL.version]).toEqual([MODEL_VERSION, MODEL_VERSION])
    expect(readModel(FILE)).toEqual(MODEL)
  })

  it.each(SIDES)(
    'has for the %s a table of every sign, with its stages and steps, and no other',
    (_side, side, signs) => {
      expect(Object.keys(side.signs).toSorted()).toEqual(
        [...new Set(signs.map(({ table }) => table))].toSorted(),
      )
      for (const { id, table, stage, edges, capNats } of signs) {
        const { tables, capNats: cap } = side.signs[table]!
        expect([id, tables.length, cap]).toEqual([id, (stage?.edges.length ?? 0) + 1, capNats])
        for (const byClass of tables) {
          expect([id, byClass.length]).toEqual([id, side.classes.length])
          for (const row of byClass) expect([id, row.length]).toEqual([id, edges.length + 1])
        }
      }
    },
  )

  it.each(SIDES)(
    'says of every step of the %s how well each class explains it, relative to the best',
    (_side, side) => {
      for (const { name, stage, byClass } of tablesOf(side)) {
        byClass[0]!.forEach((_, step) => {
          expect([name, stage, step, Math.max(...byClass.map((row) => row[step]!))]).toEqual([
            name,
            stage,
            step,
            0,
          ])
        })
      }
    },
  )

  it.each(SIDES)('has shares of the %s that sum to 1 over flux and over what is benign', (_side, side) => {
    const fluxClasses = side === FILE.addresses ? MODEL.addresses.fluxClasses : MODEL.nameServers.fluxClasses
    const sum = (shares: readonly number[]) => shares.reduce((total, share) => total + share, 0)
    expect(side.shares).toHaveLength(side.classes.length)
    expect(sum(side.shares.slice(0, fluxClasses))).toBeCloseTo(1, 10)
    expect(sum(side.shares.slice(fluxClasses))).toBeCloseTo(1, 10)
    for (const share of side.shares) expect(share).toBeGreaterThan(0)
  })

  it.each(SIDES)('tempers every sign of the %s in every regime, and turns none round', (_side, side) => {
    for (const { regime, tempers, offset } of side.regimes) {
      expect([regime, Object.keys(tempers).toSorted()]).toEqual([regime, Object.keys(side.signs).toSorted()])
      expect(Number.isFinite(offset)).toBe(true)
      for (const temper of Object.values(tempers)) expect(temper).toBeGreaterThanOrEqual(0)
    }
  })

  it('lets no sign say more than its cap', () => {
    for (const [side, { signs }] of [
      [MODEL.addresses, FILE.addresses],
      [MODEL.nameServers, FILE.nameServers],
    ] as const) {
      for (const { tables } of side.regimes) {
        for (const [name, stages] of tables) {
          const least = Math.min(...stages.flatMap((logs) => [...logs]))
          expect([name, least >= -signs[name]!.capNats]).toEqual([name, true])
        }
      }
    }
  })
})
