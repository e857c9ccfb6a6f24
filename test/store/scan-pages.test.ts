// Pages over the domains of a scan, with and without a filter.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { VerdictName } from '../../src/core/model/assessment.ts'
import { keys } from '../../src/store/keys.ts'
import { commitOf, host, LiveHouse } from './live-house.ts'

let house: LiveHouse
beforeAll(async () => {
  house = await LiveHouse.open()
})
afterAll(() => house?.close())
beforeEach(() => house.reset())

async function pages(scan: string, verdict: VerdictName | null, limit: number): Promise<string[][]> {
  const found: string[][] = []
  for (let cursor: string | null = null; ;) {
    const page = await house.scans.verdicts(scan, { verdict, cursor, limit })
    found.push(page!.items.map((item) => item.domain))
    if (page!.next === null) return found
    cursor = page!.next
  }
}

describe('Pages of verdicts', () => {
  test('come in the order of submission, without an empty last page', async () => {
    const names = ['d', 'a', 'c', 'b'].map((label) => `${label}.example`)
    const scan = await house.scan(names)
    expect(await pages(scan, null, 2)).toEqual([names.slice(0, 2), names.slice(2)])
    expect(await pages(scan, null, 3)).toEqual([names.slice(0, 3), names.slice(3)])
    expect(await pages(scan, null, 10)).toEqual([names])
  })

  test('of a filter hold only what fits, also where it lies far apart', async () => {
    const names = Array.from({ length: 1200 }, (_, index) => `n${index}.example`)
    const scan = await house.scan(names)
    const wanted = [0, 499, 500, 501, 1100, 1199].map((index) => names[index]!)
    for (const name of wanted) await house.targets.commit(commitOf(host(name), 0, { verdict: 'flux' }))
    expect(await pages(scan, 'flux', 4)).toEqual([wanted.slice(0, 4), wanted.slice(4)])
    expect(await pages(scan, 'flux', 3)).toEqual([wanted.slice(0, 3), wanted.slice(3)])
    expect(await pages(scan, 'unresolvable', 3)).toEqual([[]])
    expect((await pages(scan, 'pending', 500)).flat()).toEqual(names.filter((name) => !wanted.includes(name)))
  })

  test('of a filter that fits nothing far and wide end early, with a cursor that goes on from there', async () => {
    const scan = await house.scan([])
    // Twenty steps of 500 are searched for one page. Names that were never watched are passed over like unwanted ones.
    const members = Array.from({ length: 10_001 }, (_, index) => `n${index}.example`)
    await house.redis.rpush(keys.scanDomains(scan), ...members)
    await house.scan(['n10000.example'])
    const first = await house.scans.verdicts(scan, { verdict: 'pending', cursor: null, limit: 5 })
    expect(first).toEqual({ items: [], next: expect.any(String) })
    const second = await house.scans.verdicts(scan, { verdict: 'pending', cursor: first!.next, limit: 5 })
    expect(second).toMatchObject({ items: [{ domain: 'n10000.example' }], next: null })
  })

  test('of an unknown scan are null', async () => {
    expect(await house.scans.verdicts('scn_none', { verdict: null, cursor: null, limit: 5 })).toBeNull()
  })

  test('refuse a cursor that was not made here', async () => {
    const scan = await house.scan(['a.example'])
    await expect(
      house.scans.verdicts(scan, { verdict: null, cursor: 'garbage', limit: 5 }),
    ).rejects.toMatchObject({ code: 'FLUX_INVALID', status: 422 })
  })
})
