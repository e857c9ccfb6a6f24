import { describe, expect, it } from 'vitest'
import { CROWD, exclusivity, exclusivityAmong } from '../../../src/core/networks/link-weight.ts'

describe('how far an address counts', () => {
  it('is the square of the share that flagged names have there', () => {
    expect(exclusivity(5, 0)).toBe(1)
    expect(exclusivity(3, 3)).toBe(0.25)
    expect(exclusivity(1, 9)).toBeCloseTo(0.01, 3)
  })

  it('is nothing for a crowd of strangers, however many are flagged', () => {
    expect(exclusivity(100_000, CROWD)).toBeGreaterThan(0.9)
    expect(exclusivity(100_000, CROWD + 1)).toBe(0)
  })

  it('goes down where more than three networks meet', () => {
    expect([1, 2, 3].map(exclusivityAmong)).toEqual([1, 1, 1])
    expect(exclusivityAmong(6)).toBe(0.25)
  })
})
