// What a settled name takes in Redis: the memory that a whole load of them adds, by kind of key.
import type { Target } from '../targets.ts'
import type { BenchRedis } from './bench-redis.ts'
import { judged } from './judged.ts'
import { keyKinds } from './key-kinds.ts'
import type { Stage } from './stage.ts'

/** Octets a name. */
const LIMIT = 450
const HOUR_MS = 3_600_000

/**
 * Loads `names` settled names into an empty Redis, due evenly over an hour as they are in life, and answers it with what they
 * take. The caller closes it.
 */
export async function loadNames(
  stage: Stage,
  names: number,
): Promise<{ redis: BenchRedis; octetsPerName: number; wholeHourMs: number }> {
  const redis = await stage.redis()
  const before = await redis.usedOctets()
  const now = Date.now()
  await stage.seed(redis, { count: names, kind: 'settled', dueAt: (n) => now + (n / names) * HOUR_MS })
  const after = await redis.usedOctets()
  return { redis, octetsPerName: (after - before) / names, wholeHourMs: HOUR_MS }
}

export async function stateSizeRows(
  redis: BenchRedis,
  names: number,
  octetsPerName: number,
): Promise<Target[]> {
  const kinds = await keyKinds(redis.client)
  const known = kinds.reduce((sum, { octets }) => sum + octets, 0)
  const rest = { kind: 'the key space itself', keys: 0, octets: octetsPerName * names - known }
  return [
    judged(`Redis memory per settled name, ${names.toLocaleString('en')} loaded`, LIMIT, octetsPerName, 'B'),
    ...[...kinds, rest]
      .filter(({ octets }) => Math.abs(octets) / names >= 1)
      .map(({ kind, keys, octets }) => ({
        what: `of it ${kind}`,
        limit: '',
        measured: `${(octets / names).toFixed(0)} B${keys > 0 ? ` (${keys.toLocaleString('en')} keys of ${(octets / keys).toFixed(0)} B)` : ''}`,
        met: null,
      })),
  ]
}
