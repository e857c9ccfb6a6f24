// The atomic steps on one delivery: it is created once, its attempts are never lost between two writers, and the log of
// an endpoint stays bounded.
import { NEXT_SCORE } from '../newest-first.ts'
import { script } from '../script.ts'

/**
 * KEYS delivery hash, endpoint hash, deliveries of the endpoint, settled ones of the endpoint
 * ARGV id, delivery (JSON), now (ms), retention (ms)
 *
 * Answers `created`, the state that it already has, or `no_endpoint`.
 */
export const CREATE_DELIVERY = script(`
${NEXT_SCORE}
local state = redis.call('HGET', KEYS[1], 'state')
if state then return state end
if redis.call('EXISTS', KEYS[2]) == 0 then return 'no_endpoint' end
redis.call('HSET', KEYS[1], 'delivery', ARGV[2], 'state', 'waiting')
redis.call('PEXPIRE', KEYS[1], ARGV[4])
redis.call('ZADD', KEYS[3], next_score(KEYS[3], ARGV[3]), ARGV[1])
redis.call('PEXPIRE', KEYS[3], ARGV[4])
for _, log in ipairs({KEYS[3], KEYS[4]}) do
  redis.call('ZREMRANGEBYSCORE', log, '-inf', tonumber(ARGV[3]) - tonumber(ARGV[4]))
end
return 'created'
`)

/**
 * KEYS delivery hash, deliveries of the endpoint, settled ones of the endpoint
 * ARGV id, attempt (JSON, or empty: none was made), state after it, attempts kept, settled deliveries kept, key prefix of
 *      deliveries, retention (ms)
 *
 * Answers 0 when there is no such delivery (any more). Deliveries that still wait are never trimmed: they are owed.
 */
export const RECORD_ATTEMPT = script(`
if redis.call('EXISTS', KEYS[1]) == 0 then return 0 end
if ARGV[2] ~= '' then
  local number = redis.call('HINCRBY', KEYS[1], 'attempts', 1)
  redis.call('HSET', KEYS[1], 'attempt:' .. number, ARGV[2])
  redis.call('HDEL', KEYS[1], 'attempt:' .. (number - tonumber(ARGV[4])))
end
redis.call('HSET', KEYS[1], 'state', ARGV[3])
if ARGV[3] == 'waiting' then return 1 end
local score = redis.call('ZSCORE', KEYS[2], ARGV[1])
if not score then return 1 end
redis.call('ZADD', KEYS[3], score, ARGV[1])
redis.call('PEXPIRE', KEYS[3], ARGV[7])
local excess = redis.call('ZCARD', KEYS[3]) - tonumber(ARGV[5])
if excess > 0 then
  for _, id in ipairs(redis.call('ZRANGE', KEYS[3], 0, excess - 1)) do
    redis.call('DEL', ARGV[6] .. id)
    redis.call('ZREM', KEYS[2], id)
    redis.call('ZREM', KEYS[3], id)
  end
end
return 1
`)

/**
 * KEYS delivery hash, settled ones of the endpoint · ARGV id, retention (ms)
 *
 * Makes a settled delivery wait again. Answers how often this has happened to it (a delivery that still waits keeps its
 * number), nil when there is no such delivery.
 */
export const REOPEN_DELIVERY = script(`
local state = redis.call('HGET', KEYS[1], 'state')
if not state then return nil end
if state == 'waiting' then return tonumber(redis.call('HGET', KEYS[1], 'reopened') or 0) end
redis.call('ZREM', KEYS[2], ARGV[1])
redis.call('HSET', KEYS[1], 'state', 'waiting')
redis.call('PEXPIRE', KEYS[1], ARGV[2])
return redis.call('HINCRBY', KEYS[1], 'reopened', 1)
`)
