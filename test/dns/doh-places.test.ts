import { describe, expect, test } from 'vitest'
import { DohPlaces } from '../../src/dns/doh-places.ts'

/** Takes so many places, one after the other; the names of those that have one come into the list. */
function queue(places: DohPlaces, names: readonly string[]): string[] {
  const got: string[] = []
  for (const name of names) void places.take().then(() => got.push(name))
  return got
}

/** Until all that was promised is told. */
const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

describe('places', () => {
  test('are given in the order of the calls', async () => {
    const places = new DohPlaces(2)
    const got = queue(places, ['a', 'b', 'c', 'd'])
    await settled()
    expect(got).toEqual(['a', 'b'])
    places.give()
    await settled()
    expect(got).toEqual(['a', 'b', 'c'])
    expect(places.busy).toBe(2)
  })

  test('are halved once for all refusals under the same limit, and one is always left', async () => {
    const places = new DohPlaces(8)
    const got = queue(places, [...'abcdefghijkl'])
    const { era } = places
    for (let refusal = 0; refusal < 8; refusal++) places.refused(era)
    for (let given = 0; given < 5; given++) places.give()
    await settled()
    expect(places.busy).toBe(4)
    expect(got).toHaveLength(9)
    for (let refusal = 0; refusal < 9; refusal++) places.refused(places.era)
    for (let given = 0; given < 4; given++) places.give()
    await settled()
    expect(places.busy).toBe(1)
  })

  test('come back one by one, each after a hundred answers without a refusal, up to the first limit', async () => {
    const places = new DohPlaces(2)
    queue(places, ['a', 'b'])
    places.refused(places.era)
    for (let answer = 0; answer < 99; answer++) places.answered()
    places.refused(0)
    for (let answer = 0; answer < 99; answer++) places.answered()
    const got = queue(places, ['c', 'd', 'e'])
    places.give()
    places.give()
    await settled()
    expect(got).toEqual(['c'])
    for (let answer = 0; answer < 500; answer++) places.answered()
    places.give()
    await settled()
    expect(got).toEqual(['c', 'd', 'e'])
    expect(places.busy).toBe(2)
  })

  test('changed for later ones are kept by who is aborted meanwhile, so that all of them are given back', async () => {
    const places = new DohPlaces(1)
    await places.take()
    const got = queue(places, ['a'])
    const controller = new AbortController()
    const later = places.takeTurn(controller.signal)
    await settled()
    expect(got).toEqual(['a'])
    const reason = new Error('round over')
    controller.abort(reason)
    await expect(later).rejects.toBe(reason)
    places.give()
    places.give()
    expect(places.busy).toBe(0)
  })
})
