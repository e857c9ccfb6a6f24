import { describe, expect, test } from 'vitest'
import { rowKey } from '../../../src/core/history/row-key.ts'

describe('the key of an observation', () => {
  test.each([
    ['', 191_463_948_747_024],
    ['a', 244_181_359_247_309],
    ['host:www.flux.example/7@mjz0k1c0/quad9/www.flux.example/A', 190_196_094_510_056],
  ])('of the id "%s" is what stored rows rest on', (id, key) => {
    expect(rowKey(id)).toBe(key)
  })

  test('tells the ids of many rounds apart, and takes six bytes', () => {
    const keys = new Set<number>()
    for (let round = 1; round <= 300; round++)
      for (let name = 0; name < 100; name++)
        keys.add(rowKey(`host:h${name}.example/${round}@mjz0k1c0/quad9/h${name}.example/A`))
    expect(keys.size).toBe(30_000)
    expect([...keys].every((key) => Number.isSafeInteger(key) && key >= 0 && key < 2 ** 48)).toBe(true)
    // Each half of the range has half of them, give or take.
    expect([...keys].filter((key) => key < 2 ** 47).length / 30_000).toBeCloseTo(0.5, 1)
  })
})
