// Who gets how much of the room: worked examples, and what holds for all demands, weights and rooms.
import { array, assert, integer, nat, property, record, tuple } from 'fast-check'
import { describe, expect, test } from 'vitest'
import { shareRoom, spreadUnits, type Carried } from '../../../src/core/schedule/fair-shares.ts'

const WEIGHTS = new Map([
  ['acme', 3],
  ['soc', 1],
])

function sharesOf(wanted: Record<string, number>, room: number, carried?: Carried): Record<string, number> {
  return Object.fromEntries(shareRoom(new Map(Object.entries(wanted)), WEIGHTS, room, carried).shares)
}

function sumOf(units: Iterable<number>): number {
  return [...units].reduce((sum, one) => sum + one, 0)
}

/** Tenants by number, each with what it wants and its weight. */
const TENANTS = array(record({ wanted: nat(200), weight: integer({ min: 1, max: 1000 }) }), { maxLength: 6 })

function demandOf(tenants: readonly { wanted: number; weight: number }[]) {
  return {
    wanted: new Map(tenants.map(({ wanted }, index) => [`t${index}`, wanted])),
    weights: new Map(tenants.map(({ weight }, index) => [`t${index}`, weight])),
  }
}

describe('Sharing a room', () => {
  test('goes by weight where everybody wants more than there is', () => {
    expect(sharesOf({ acme: 1000, soc: 1000 }, 80)).toEqual({ acme: 60, soc: 20 })
  })

  test('gives who wants little all that it wants, and what it leaves to the others', () => {
    expect(sharesOf({ acme: 5, soc: 1000 }, 80)).toEqual({ acme: 5, soc: 75 })
    expect(sharesOf({ acme: 1000, soc: 5 }, 80)).toEqual({ acme: 75, soc: 5 })
  })

  test('gives everybody all that it wants where there is room for all', () => {
    expect(sharesOf({ acme: 5, soc: 7 }, 12)).toEqual({ acme: 5, soc: 7 })
    expect(sharesOf({ acme: 5, soc: 7 }, 4000)).toEqual({ acme: 5, soc: 7 })
  })

  test('takes a tenant that has no weight for one of weight 1', () => {
    expect(sharesOf({ '': 1000, acme: 1000 }, 80)).toEqual({ '': 20, acme: 60 })
    expect(sharesOf({ '': 1000, other: 1000 }, 80)).toEqual({ '': 40, other: 40 })
  })

  test('gives nobody anything where there is no room', () => {
    expect(sharesOf({ acme: 10, soc: 10 }, 0)).toEqual({ acme: 0, soc: 0 })
  })

  test('gives nothing to who wants nothing, whatever its weight', () => {
    expect(sharesOf({ acme: 0, soc: 10 }, 4)).toEqual({ soc: 4 })
    expect(sharesOf({}, 4)).toEqual({})
  })

  test('carries parts of a unit: of a room of one each gets its turns by weight', () => {
    const got = { acme: 0, soc: 0 }
    let carried: Carried = new Map()
    for (let call = 0; call < 8; call += 1) {
      const sharing = shareRoom(new Map(Object.entries({ acme: 100, soc: 100 })), WEIGHTS, 1, carried)
      carried = sharing.carried
      got.acme += sharing.shares.get('acme')!
      got.soc += sharing.shares.get('soc')!
    }
    expect(got).toEqual({ acme: 6, soc: 2 })
  })

  test('never gives more than is wanted, and leaves nothing while somebody wants more', () => {
    assert(
      property(
        TENANTS,
        nat(500),
        array(integer({ min: -99, max: 99 }), { maxLength: 6 }),
        (tenants, room, owed) => {
          const { wanted, weights } = demandOf(tenants)
          const carried = new Map(owed.map((hundredths, index) => [`t${index}`, hundredths / 100]))
          const { shares } = shareRoom(wanted, weights, room, carried)
          for (const [tenant, units] of shares) {
            expect(Number.isInteger(units)).toBe(true)
            expect(units).toBeGreaterThanOrEqual(0)
            expect(units).toBeLessThanOrEqual(wanted.get(tenant)!)
          }
          expect(sumOf(shares.values())).toBe(Math.min(room, sumOf(wanted.values())))
        },
      ),
    )
  })

  test('nobody that gets less than it wants is behind anybody, by weight, by a unit or more', () => {
    assert(
      property(TENANTS, nat(500), (tenants, room) => {
        const { wanted, weights } = demandOf(tenants)
        const { shares } = shareRoom(wanted, weights, room)
        for (const [short, units] of shares) {
          if (units === wanted.get(short)) continue
          for (const [other, others] of shares) {
            expect((others - 1) / weights.get(other)!).toBeLessThan((units + 1) / weights.get(short)!)
          }
        }
      }),
    )
  })

  test('keeps each within a unit of its weight share over many calls, while demands stay high', () => {
    const weightsOfSome = array(integer({ min: 1, max: 50 }), { minLength: 2, maxLength: 5 })
    assert(
      property(
        weightsOfSome,
        integer({ min: 1, max: 40 }),
        integer({ min: 1, max: 60 }),
        (some, room, calls) => {
          const weights = new Map(some.map((weight, index) => [`t${index}`, weight]))
          const wanted = new Map(some.map((_, index) => [`t${index}`, 1000]))
          const total = sumOf(some)
          const got = new Map<string, number>()
          let carried: Carried = new Map()
          for (let call = 1; call <= calls; call += 1) {
            const sharing = shareRoom(wanted, weights, room, carried)
            carried = sharing.carried
            for (const [tenant, units] of sharing.shares) got.set(tenant, (got.get(tenant) ?? 0) + units)
            for (const [tenant, weight] of weights) {
              const due = (call * room * weight) / total
              expect(Math.abs(got.get(tenant)! - due)).toBeLessThanOrEqual(1 + 1e-6)
            }
          }
        },
      ),
      { numRuns: 300 },
    )
  })

  test('what is owed stays under a few units, however demands come and go', () => {
    const calls = array(tuple(array(nat(4), { minLength: 4, maxLength: 4 }), nat(4)), {
      minLength: 1,
      maxLength: 200,
    })
    assert(
      property(calls, array(integer({ min: 1, max: 9 }), { minLength: 4, maxLength: 4 }), (looks, some) => {
        const weights = new Map(some.map((weight, index) => [`t${index}`, weight]))
        let carried: Carried = new Map()
        for (const [units, room] of looks) {
          const wanted = new Map(units.map((each, index) => [`t${index}`, each]))
          carried = shareRoom(wanted, weights, room, carried).carried
          for (const owed of carried.values()) expect(Math.abs(owed)).toBeLessThan(4)
        }
      }),
    )
  })
})

describe('Spreading units over places', () => {
  test('goes by what each place has, and the rounding favours the first', () => {
    expect(spreadUnits(10, [30, 10, 0])).toEqual([8, 2, 0])
    expect(spreadUnits(1, [5, 5, 5])).toEqual([1, 0, 0])
    expect(spreadUnits(2, [0, 1, 9])).toEqual([0, 1, 1])
  })

  test('gives all that there is where there is room for it', () => {
    expect(spreadUnits(9, [2, 0, 3])).toEqual([2, 0, 3])
    expect(spreadUnits(0, [0, 0])).toEqual([0, 0])
    expect(spreadUnits(3, [])).toEqual([])
  })

  test('gives as many as asked for or as there are, and nowhere more than there is', () => {
    assert(
      property(nat(300), array(nat(50), { maxLength: 20 }), (units, there) => {
        const given = spreadUnits(units, there)
        expect(given).toHaveLength(there.length)
        expect(sumOf(given)).toBe(Math.min(units, sumOf(there)))
        for (const [place, some] of given.entries()) expect(some).toBeLessThanOrEqual(there[place]!)
        for (const some of given) expect(some).toBeGreaterThanOrEqual(0)
      }),
    )
  })
})
