import { readFile } from 'node:fs/promises'
import { describe, expect, it } from 'vitest'
import { PANEL_CATALOGUE } from '../../../src/core/panel/catalogue.ts'
import { hostAlone, opinionsOn } from './panel-of.ts'

describe('the panel', () => {
  it('has unique kebab-case names, and says of each what it computes, from where, and what it cannot see', () => {
    const names = PANEL_CATALOGUE.map(({ detector }) => detector)
    expect(new Set(names).size).toBe(names.length)
    for (const { detector, computes, meaning, source, blindSpot } of PANEL_CATALOGUE) {
      expect(detector).toMatch(/^[a-z0-9]+(-[a-z0-9]+)*$/)
      for (const sentence of [meaning, blindSpot]) expect(sentence).toMatch(/\.$/)
      expect(source).not.toBe('')
      expect(computes).toMatch(/^\p{Lu}.*[^.]$/u)
    }
  })

  it('gives one opinion a detector, in its own order', () => {
    const opinions = opinionsOn(hostAlone([{ at: 0, a: ['61.1.0.1'], ttl: 300 }]))
    expect(opinions.map(({ detector, threshold }) => ({ detector, threshold }))).toEqual(
      PANEL_CATALOGUE.map(({ detector, threshold }) => ({ detector, threshold })),
    )
  })

  it('flags nothing on a name that never answered', () => {
    for (const { value, flags } of opinionsOn(
      hostAlone([{ at: 0, outcome: 'failed', failure: 'timeout' }]),
    )) {
      expect({ value, flags }).toEqual({ value: null, flags: false })
    }
  })

  it('flags nothing on a name that stands still on one address', () => {
    const still = hostAlone([0, 1, 2, 3].map((n) => ({ at: n * 3600, a: ['61.1.0.1'], ttl: 3600 })))
    expect(opinionsOn(still).filter(({ flags }) => flags)).toEqual([])
  })

  it('is described in docs/panel.md word for word', async () => {
    const page = await readFile(new URL('../../../docs/panel.md', import.meta.url), 'utf8')
    for (const { detector, computes, meaning, source, blindSpot, leftOut } of PANEL_CATALOGUE) {
      expect(page).toContain(`### \`${detector}\``)
      for (const text of [computes, meaning, source, blindSpot, leftOut ?? '']) expect(page).toContain(text)
    }
  })
})
