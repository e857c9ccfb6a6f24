import { describe, expect, it } from 'vitest'
import { minimisedName } from '../../../src/dns/direct/minimised-name.ts'

/** Every name that is asked on the way from the root when no cut is met. */
function walk(name: string): string[] {
  const names: string[] = []
  for (let known = ''; known !== name;) {
    known = minimisedName(name, known, names.length)
    names.push(known)
  }
  return names
}

describe('a minimised name', () => {
  it('has one label more than the place that is known', () => {
    expect(walk('a.b.site.com')).toEqual(['com', 'site.com', 'b.site.com', 'a.b.site.com'])
  })

  it('starts from a zone that is known', () => {
    expect(minimisedName('a.b.site.com', 'site.com', 0)).toBe('b.site.com')
    expect(minimisedName('site.com', 'site.com', 0)).toBe('site.com')
  })

  it('keeps an escaped dot in its label', () => {
    expect(minimisedName('x.a\\.b.com', 'com', 1)).toBe('a\\.b.com')
  })

  it('reaches a name of 120 labels in ten questions, the first four by one label each', () => {
    const name = Array.from({ length: 120 }, (_, index) => `l${index}`).join('.')
    const names = walk(name)
    expect(names).toHaveLength(10)
    expect(names.slice(0, 4).map((one) => one.split('.').length)).toEqual([1, 2, 3, 4])
    expect(names.at(-1)).toBe(name)
  })

  it('is the whole name once ten were asked', () => {
    expect(minimisedName('a.b.c.d.com', 'com', 10)).toBe('a.b.c.d.com')
  })
})
