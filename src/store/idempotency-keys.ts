// Remembers for 24 hours what was answered to a request with an Idempotency-Key.
import { createHash } from 'node:crypto'
import { keys } from './keys.ts'
import type { LiveRedis } from './redis.ts'
import { runScript, script } from './script.ts'

/** A request that has not been answered after this time is taken for lost with its process. */
const RUNNING_LIMIT_S = 120
const KEPT_S = 24 * 3600

/** KEYS the idempotency hash; ARGV fingerprint, seconds. Answers [fingerprint, answer or ''] of the holder, or nothing when new. */
const BEGIN = script(`
local held = redis.call('HMGET', KEYS[1], 'fingerprint', 'answer')
if held[1] then return { held[1], held[2] or '' } end
-- An answer may be there without its fingerprint: it came after the key had run out.
redis.call('DEL', KEYS[1])
redis.call('HSET', KEYS[1], 'fingerprint', ARGV[1])
redis.call('EXPIRE', KEYS[1], ARGV[2])
return {}
`)

export class RedisIdempotencyKeys {
  readonly #redis: LiveRedis

  constructor(redis: LiveRedis) {
    this.#redis = redis
  }

  async begin(
    key: string,
    fingerprint: string,
  ): Promise<
    { state: 'new' } | { state: 'running' } | { state: 'mismatch' } | { state: 'done'; answer: string }
  > {
    const held = (await runScript(
      this.#redis,
      BEGIN,
      [redisKey(key)],
      [fingerprint, RUNNING_LIMIT_S],
    )) as string[]
    if (held.length === 0) return { state: 'new' }
    if (held[0] !== fingerprint) return { state: 'mismatch' }
    return held[1] ? { state: 'done', answer: held[1] } : { state: 'running' }
  }

  async finish(key: string, answer: string): Promise<void> {
    await this.#redis.multi().hset(redisKey(key), 'answer', answer).expire(redisKey(key), KEPT_S).exec()
  }

  async release(key: string): Promise<void> {
    await this.#redis.del(redisKey(key))
  }
}

function redisKey(key: string): string {
  return keys.idempotency(createHash('sha256').update(key).digest('hex'))
}
