import { describe, expect, it } from 'vitest'
import { isBelow, isWithin, labelsOf, parentName } from '../../../src/core/dns/name-tree.ts'

describe('labels of a name', () => {
  it.each([
    ['', []],
    ['com', ['com']],
    ['www.site.com', ['www', 'site', 'com']],
    ['a\\.b.com', ['a\\.b', 'com']],
    ['a\\\\.b.com', ['a\\\\', 'b', 'com']],
    ['\\000.x', ['\\000', 'x']],
  ])('splits %j at the dots that are not escaped', (name, labels) => {
    expect(labelsOf(name)).toEqual(labels)
  })

  it.each([
    ['www.site.com', 'site.com'],
    ['com', ''],
    ['', ''],
    ['a\\.b.com', 'com'],
  ])('takes the first label off %j', (name, parent) => {
    expect(parentName(name)).toBe(parent)
  })
})

describe('the place of a name', () => {
  it.each([
    ['site.com', 'site.com', true],
    ['www.site.com', 'site.com', true],
    ['site.com', '', true],
    ['', '', true],
    ['othersite.com', 'site.com', false],
    ['com', 'site.com', false],
    ['', 'com', false],
    ['x\\.site.com', 'site.com', false],
    ['x\\\\.site.com', 'site.com', true],
  ])('says whether %j is within %j', (name, zone, within) => {
    expect(isWithin(name, zone)).toBe(within)
  })

  it('puts no name below itself', () => {
    expect(isBelow('site.com', 'site.com')).toBe(false)
    expect(isBelow('', '')).toBe(false)
    expect(isBelow('www.site.com', 'site.com')).toBe(true)
    expect(isBelow('site.com', 'www.site.com')).toBe(false)
  })
})
