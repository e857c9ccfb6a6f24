// A historian that is killed at random moments while rounds are committed: history has each of them once in the end.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { killHistorian } from '../../../bench/history/kills.ts'
import { startRedis } from '../../support/redis.ts'

test('History equals what was committed after eight kills of the historian, observations and records alike', async () => {
  const redis = await startRedis()
  const folder = await mkdtemp(join(tmpdir(), 'fw-kills-'))
  try {
    const report = await killHistorian({
      kills: 8,
      seed: 4,
      socketPath: redis.path,
      path: join(folder, 'history.sqlite'),
    })
    expect(report.stored).toEqual(report.committed)
    expect(report.committed.observations).toBeGreaterThan(1000)
    expect(report.left).toMatchObject({ entries: 0, octets: 0, lostRounds: 0, unreadable: 0 })
    // Some of them must have hit it at work.
    expect(report.moments.appending + report.moments.acknowledging).toBeGreaterThan(0)
  } finally {
    await redis.stop()
    await rm(folder, { recursive: true, force: true })
  }
}, 60_000)
