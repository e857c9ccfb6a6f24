import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { Agent } from '../../src/core/networks/agents.ts'
import { keys } from '../../src/store/keys.ts'
import { CROWD, LiveAgents, NAMES_PER_ADDRESS } from '../../src/store/live-agents.ts'
import { RETENTION_MS } from '../../src/store/retention.ts'
import { HOUR_MS, LiveHouse, T } from './live-house.ts'

const SHARED: Agent = { role: 'address', address: '20.0.0.1', last: T }
const NS: Agent = { role: 'name_server', address: '20.0.0.1', last: T }

let house: LiveHouse
/** A process of its own each: what one remembers in memory the other does not. */
let agents: LiveAgents
let others: LiveAgents
beforeAll(async () => {
  house = await LiveHouse.open()
})
afterAll(() => house?.close())
beforeEach(async () => {
  await house.reset()
  agents = new LiveAgents(house.redis)
  others = new LiveAgents(house.redis)
})

async function namesAt(book: LiveAgents, agent = SHARED, now = T): Promise<readonly string[] | undefined> {
  const { addresses, nameServers } = await book.flaggedAt([agent], now)
  return (agent.role === 'address' ? addresses : nameServers).get(agent.address)
}

describe('A flagged name at an address', () => {
  test('is found by every process, in the role in which it was seen', async () => {
    await agents.note('bad.example', [SHARED], T)
    expect(await namesAt(others)).toEqual(['bad.example'])
    expect(await namesAt(others, NS)).toEqual([])
  })

  test('stands beside the others there', async () => {
    await agents.note('bad.example', [SHARED], T)
    await others.note('evil.example', [SHARED, { ...SHARED, address: '2001:db8:1::1' }], T)
    expect(await namesAt(agents)).toEqual(['bad.example', 'evil.example'])
    expect(await namesAt(agents, { ...SHARED, address: '2001:db8:1::1' })).toEqual(['evil.example'])
  })

  test('noted again, by the same process or another, changes nothing', async () => {
    await agents.note('bad.example', [SHARED, NS], T)
    const before = await house.everything()
    await agents.note('bad.example', [SHARED, NS], T)
    await others.note('bad.example', [SHARED, NS], T)
    await others.note('bad.example', [{ ...SHARED, last: T - HOUR_MS }], T + 2 * HOUR_MS)
    expect(await house.everything()).toEqual(before)
  })

  test('counts for a month after it was seen last, and goes by itself', async () => {
    await agents.note('bad.example', [SHARED], T)
    expect(await namesAt(new LiveAgents(house.redis), SHARED, T + RETENTION_MS)).toEqual(['bad.example'])
    expect(await namesAt(new LiveAgents(house.redis), SHARED, T + RETENTION_MS + 1)).toEqual([])
    for (const key of [
      keys.flaggedAt('address', SHARED.address),
      keys.flaggedCrowd('address', SHARED.address),
    ]) {
      const leftMs = await house.redis.pttl(key)
      expect(leftMs).toBeGreaterThan(RETENTION_MS / 2)
      expect(leftMs).toBeLessThanOrEqual(RETENTION_MS)
    }
  })

  test('that is seen again is good for another month', async () => {
    await agents.note('bad.example', [SHARED], T)
    const later = T + RETENTION_MS / 2
    await agents.note('bad.example', [{ ...SHARED, last: later }], later)
    expect(await namesAt(others, SHARED, T + RETENTION_MS + 1)).toEqual(['bad.example'])
  })

  test('is gone when the name is cleared, and there again when it is flagged again', async () => {
    await agents.note('bad.example', [SHARED], T)
    await agents.note('evil.example', [SHARED], T)
    await agents.forget('bad.example', [SHARED])
    await agents.forget('bad.example', [SHARED])
    expect(await namesAt(agents)).toEqual(['evil.example'])
    await agents.note('bad.example', [SHARED], T)
    expect(await namesAt(agents)).toEqual(['bad.example', 'evil.example'])
  })

  test('that another process noted is known within a minute', async () => {
    expect(await namesAt(agents)).toEqual([])
    await others.note('bad.example', [SHARED], T)
    expect(await namesAt(agents, SHARED, T + 59_999)).toEqual([])
    expect(await namesAt(agents, SHARED, T + 60_000)).toEqual(['bad.example'])
  })
})

describe('An address of many flagged names', () => {
  async function noteMany(count: number): Promise<void> {
    for (let index = 0; index < count; index += 1) {
      await agents.note(`bad${index}.example`, [{ ...SHARED, last: T + index }], T)
    }
  }

  test('keeps the latest', async () => {
    await noteMany(40)
    const names = await namesAt(others)
    expect(names).toHaveLength(NAMES_PER_ADDRESS)
    expect(names).toContain('bad39.example')
    expect(names).not.toContain('bad23.example')
    expect(await house.redis.zcard(keys.flaggedAt('address', SHARED.address))).toBe(NAMES_PER_ADDRESS)
  })

  test('is nobody’s agent once it serves a crowd, as a sinkhole does; others are not touched by that', async () => {
    const own: Agent = { ...SHARED, address: '20.0.0.2' }
    await agents.note('bad0.example', [own], T)
    // The count is an estimate, good to a few in a hundred.
    await noteMany(Math.round(CROWD * 0.9))
    expect(await namesAt(others)).toHaveLength(NAMES_PER_ADDRESS)
    await noteMany(Math.round(CROWD * 1.1))
    const found = await new LiveAgents(house.redis).flaggedAt([SHARED, own], T)
    expect([...found.addresses]).toEqual([[own.address, ['bad0.example']]])
  })
})
