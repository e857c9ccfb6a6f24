// The atomic steps on a webhook endpoint: an endpoint that was removed meanwhile is never brought back by half.
import { NEXT_SCORE } from '../newest-first.ts'
import { script } from '../script.ts'

/**
 * KEYS endpoint hash, index of endpoints, set that it belongs to (a scan's or the global one)
 * ARGV id, endpoint (JSON), now (ms)
 */
export const ADD_ENDPOINT = script(`
${NEXT_SCORE}
redis.call('HSET', KEYS[1], 'endpoint', ARGV[2])
redis.call('ZADD', KEYS[2], next_score(KEYS[2], ARGV[3]), ARGV[1])
redis.call('SADD', KEYS[3], ARGV[1])
return 1
`)

/** KEYS endpoint hash, index of endpoints, set that it belongs to · ARGV id. Answers 1 when there was one. */
export const REMOVE_ENDPOINT = script(`
redis.call('ZREM', KEYS[2], ARGV[1])
redis.call('SREM', KEYS[3], ARGV[1])
return redis.call('DEL', KEYS[1])
`)

/**
 * KEYS endpoint hash
 * ARGV now (ms), reason, since (ms; empty: whatever was delivered)
 *
 * Answers 1 when this call disabled it; 0 when there is none, it is disabled already, or something was delivered after
 * `since`.
 */
export const DISABLE_ENDPOINT = script(`
if redis.call('EXISTS', KEYS[1]) == 0 then return 0 end
if redis.call('HEXISTS', KEYS[1], 'disabledAt') == 1 then return 0 end
local delivered = redis.call('HGET', KEYS[1], 'deliveredAt')
if ARGV[3] ~= '' and delivered and tonumber(delivered) >= tonumber(ARGV[3]) then return 0 end
redis.call('HSET', KEYS[1], 'disabledAt', ARGV[1], 'disabledReason', ARGV[2])
return 1
`)

/** KEYS endpoint hash · ARGV now (ms). A success is proof of life: it enables the endpoint as well. */
export const NOTE_DELIVERED = script(`
if redis.call('EXISTS', KEYS[1]) == 0 then return 0 end
redis.call('HSET', KEYS[1], 'deliveredAt', ARGV[1])
redis.call('HDEL', KEYS[1], 'disabledAt', 'disabledReason')
return 1
`)
