// When no more domains are taken in, what is said then, and that what was accepted goes on.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { FluxError } from '../../src/core/errors.ts'
import { IntakeGate, type IntakeGateParts } from '../../src/store/intake-gate.ts'
import { LiveScans } from '../../src/store/live-scans.ts'
import { commitOf, host, LiveHouse, T } from './live-house.ts'

const MIB = 1024 * 1024
const OPTIONS = { tags: [], watchForSeconds: 3600, intervalSeconds: null }

/** An instance that has room for everything, unless said otherwise. */
function partsOf(parts: Partial<IntakeGateParts> = {}): IntakeGateParts {
  return {
    memory: async () => ({ usedBytes: 10 * MIB, maxBytes: 512 * MIB }),
    lag: async () => ({ watched: 0, oldestDueMs: 0 }),
    limits: { targets: null, lagMs: null },
    ...parts,
  }
}

async function refusal(parts: Partial<IntakeGateParts>): Promise<string | null> {
  try {
    await new IntakeGate(partsOf(parts)).assertOpen()
    return null
  } catch (error) {
    expect(error).toBeInstanceOf(FluxError)
    expect(error).toMatchObject({ code: 'FLUX_INTAKE_FULL', status: 503 })
    return (error as FluxError).message
  }
}

describe('The gate', () => {
  test('is open where nothing is limited, whatever is watched and however late', async () => {
    const lag = async () => ({ watched: 10_000_000, oldestDueMs: 86_400_000 })
    const memory = async () => ({ usedBytes: 1024 ** 4, maxBytes: null })
    expect(await refusal({ lag, memory })).toBeNull()
  })

  test('is closed while Redis has used more than 85 % of its memory', async () => {
    const memory = (usedBytes: number) => ({ memory: async () => ({ usedBytes, maxBytes: 1000 * MIB }) })
    expect(await refusal(memory(850 * MIB))).toBeNull()
    expect(await refusal(memory(900 * MIB))).toBe('Redis has used 90 % of its memory; intake stops at 85 %.')
  })

  test('is closed while as many targets are watched as may be', async () => {
    const watching = (watched: number) => ({
      lag: async () => ({ watched, oldestDueMs: 0 }),
      limits: { targets: 2000, lagMs: null },
    })
    expect(await refusal(watching(1999))).toBeNull()
    expect(await refusal(watching(2000))).toBe('2000 targets are watched; FLUXWATCH_MAX_TARGETS is 2000.')
  })

  test('is closed while probing is later than it may be', async () => {
    const late = (oldestDueMs: number) => ({
      lag: async () => ({ watched: 5, oldestDueMs }),
      limits: { targets: null, lagMs: 60_000 },
    })
    expect(await refusal(late(60_000))).toBeNull()
    expect(await refusal(late(90_400))).toBe('Probing is 90 s late; FLUXWATCH_MAX_LAG is 60 s.')
  })

  test('looks once for all that come within a second', async () => {
    let looks = 0
    const gate = new IntakeGate(
      partsOf({
        lag: async () => {
          looks += 1
          return { watched: 7, oldestDueMs: 0 }
        },
        limits: { targets: 7, lagMs: null },
      }),
    )
    const asked = await Promise.allSettled(Array.from({ length: 50 }, () => gate.assertOpen()))
    expect(asked.map(({ status }) => status)).toEqual(asked.map(() => 'rejected'))
    expect(looks).toBe(1)
  })

  test('tells whoever asks that Redis is away, and looks again for the next one', async () => {
    let isAway = true
    const gate = new IntakeGate(
      partsOf({
        memory: async () => {
          if (isAway) throw new Error('Redis is away')
          return { usedBytes: 1, maxBytes: null }
        },
      }),
    )
    const asked = await Promise.allSettled([gate.assertOpen(), gate.assertOpen()])
    expect(asked).toEqual(asked.map(() => ({ status: 'rejected', reason: new Error('Redis is away') })))
    isAway = false
    await expect(gate.assertOpen()).resolves.toBeUndefined()
  })
})

describe('Scans behind the gate', () => {
  let house: LiveHouse
  beforeAll(async () => {
    house = await LiveHouse.open()
  })
  afterAll(() => house?.close())
  beforeEach(() => house.reset())

  /** With a gate that has not looked yet. */
  function scansUnder(limits: IntakeGateParts['limits']): LiveScans {
    const { redis, domains, clock } = house
    const lag = () => house.targets.lag(clock.now())
    return new LiveScans({ redis, domains, clock, gate: new IntakeGate(partsOf({ lag, limits })) })
  }

  test('are neither opened nor filled while as many targets are watched as may be', async () => {
    const limits = { targets: 3, lagMs: null }
    const scan = await scansUnder(limits).open(OPTIONS)
    expect(await scansUnder(limits).add(scan, ['a.example', 'b.example', 'c.example'])).toEqual({ added: 3 })
    await expect(scansUnder(limits).add(scan, ['d.example'])).rejects.toThrow(
      '3 targets are watched; FLUXWATCH_MAX_TARGETS is 3.',
    )
    const before = await house.everything()
    await expect(scansUnder(limits).open(OPTIONS)).rejects.toMatchObject({ code: 'FLUX_INTAKE_FULL' })
    expect(await house.everything()).toEqual(before)

    await scansUnder(limits).seal(scan)
    await house.domains.stop('a.example')
    expect(await scansUnder(limits).add(scan, ['d.example'])).toEqual({ added: 1 })
    expect(await house.domains.get('d.example')).toMatchObject({ watching: true })
  })

  test('are taken in again when probing has caught up', async () => {
    const limits = { targets: null, lagMs: 60_000 }
    await house.scan(['a.example'])
    house.clock.advance(61_000)
    await expect(scansUnder(limits).open(OPTIONS)).rejects.toThrow(
      'Probing is 61 s late; FLUXWATCH_MAX_LAG is 60 s.',
    )
    await house.targets.commit(commitOf(host('a.example'), 0, { verdict: 'pending', nextDueAt: T + 90_000 }))
    expect(await scansUnder(limits).open(OPTIONS)).toMatch(/^scn_/)
  })

  test('can be read, sealed and cancelled while it is closed', async () => {
    const scan = await house.scan(['a.example'], { sealed: false })
    const closed = scansUnder({ targets: 1, lagMs: null })
    await expect(closed.open(OPTIONS)).rejects.toMatchObject({ code: 'FLUX_INTAKE_FULL' })
    await closed.seal(scan)
    expect(await closed.get(scan)).toMatchObject({ state: 'running', domains: 1 })
    expect(await closed.cancel(scan)).toBe(true)
  })
})
