// Valkey in the place of Redis, where this machine has it. Debian 12 does not: then this file says so and tests nothing.
import { spawnSync } from 'node:child_process'
import { expect, test } from 'vitest'
import { keys, PARTITIONS } from '../../src/store/keys.ts'
import { backlogOf } from '../../src/store/outbox-reader.ts'
import { startRedis } from '../support/redis.ts'
import { names, StateOnRedis } from './cluster-house.ts'
import { dueTimes, expectAgreement, nextRound } from './committed-rounds.ts'

const isThere = spawnSync('valkey-server', ['--version']).status === 0
const why = isThere ? '' : ' (not tested: no valkey-server on the PATH)'

test.skipIf(!isThere)(`The live state is the same on Valkey${why}`, async () => {
  const server = await startRedis([], 'valkey-server')
  const state = await StateOnRedis.open(server.path)
  try {
    const targets = names(20)
    const scan = await state.scan(targets)
    for (const round of [0, 1]) for (const name of targets) await state.targets.commit(nextRound(name, round))
    expect(await backlogOf(state.requests, PARTITIONS.map(keys.observations))).toBe(2 * targets.length)
    expect(await state.scans.get(scan)).toMatchObject({ state: 'running', domains: targets.length })
    await expectAgreement(state, targets, await dueTimes(state))
  } finally {
    state.close()
    await server.stop()
  }
})
