import { expect, test } from 'vitest'
import type { Assessment } from '../../src/core/model/assessment.ts'
import { firstFlaggedAt, type VerdictBefore } from '../../src/core/detect/verdict-change.ts'
import { verdictEntry } from '../../src/queue/verdict-entry.ts'
import { assessmentOf } from '../store/live-house.ts'

const T = 1_770_000_000_000
const NAME = 'www.bad.example'
const PENDING: VerdictBefore = { verdict: 'pending', fluxType: null, firstFlaggedAt: null }
const FLUX: VerdictBefore = { verdict: 'flux', fluxType: 'single', firstFlaggedAt: T - 1000 }

function assessed(parts: Partial<Assessment>): Assessment {
  return assessmentOf(NAME, { asOf: T, ...parts })
}

function evidence(text: string): Assessment['evidence'][number] {
  return {
    id: 'e',
    pointsTo: 'flux',
    about: 'addresses',
    weight: 1,
    value: 1,
    unit: 'x',
    text,
    source: 's',
  }
}

function idOf(assessment: Assessment, version: number): string {
  return verdictEntry(PENDING, assessment, version)!.id
}

test('A change is told with what it was, what it is, and the sentences that weighed most', () => {
  const reasons = ['1', '2', '3', '4', '5', '6'].map(evidence)
  const entry = verdictEntry(
    PENDING,
    assessed({ verdict: 'flux', fluxType: 'double', score: 0.998, evidence: reasons }),
    12,
  )
  expect(entry).toEqual({
    kind: 'verdict',
    id: expect.stringMatching(/^evt_[0-9a-f]{24}$/),
    version: 12,
    change: {
      domain: NAME,
      verdict: 'flux',
      previous_verdict: 'pending',
      flux_type: 'double',
      score: 0.998,
      as_of: new Date(T).toISOString(),
      first_flagged_at: new Date(T).toISOString(),
      reasons: ['1', '2', '3', '4', '5'],
      links: { verdict: `/v1/domains/${NAME}/verdict` },
    },
  })
})

test('The same verdict and type again is no change, another type is', () => {
  expect(verdictEntry(FLUX, assessed({ verdict: 'flux', fluxType: 'single' }), 5)).toBeNull()
  expect(verdictEntry(PENDING, assessed({ verdict: 'pending' }), 5)).toBeNull()
  expect(verdictEntry(FLUX, assessed({ verdict: 'flux', fluxType: 'double' }), 5)?.change).toMatchObject({
    previous_verdict: 'flux',
    flux_type: 'double',
  })
})

test('The first time that a name was called flux is kept for good', () => {
  expect(firstFlaggedAt(PENDING, assessed({ verdict: 'suspicious' }))).toBeNull()
  expect(firstFlaggedAt(PENDING, assessed({ verdict: 'flux' }))).toBe(T)
  expect(firstFlaggedAt(FLUX, assessed({ verdict: 'flux' }))).toBe(T - 1000)
  expect(firstFlaggedAt(FLUX, assessed({ verdict: 'no_flux_seen' }))).toBe(T - 1000)
})

test('The id is the same for a repeated commit and another for every other, without dots or colons', () => {
  const flux = { verdict: 'flux', fluxType: 'single' } as const
  const id = idOf(assessed(flux), 3)
  expect(idOf(assessed(flux), 3)).toBe(id)
  expect(id).not.toMatch(/[.:]/)
  const others = [
    idOf(assessed(flux), 4),
    idOf(assessed({ ...flux, asOf: T + 1 }), 3),
    idOf({ ...assessed(flux), domain: 'other.example' }, 3),
  ]
  expect(new Set([id, ...others]).size).toBe(4)
})
