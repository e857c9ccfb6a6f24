// The atomic steps of the one process that keeps the networks. A keeper has a generation; whoever was paused, lost the lock and
// wakes up has an older one, and is refused wherever the newer one was: in the slot of the lock, and in each partition.
import { script } from '../script.ts'

/**
 * KEYS lock, generation · ARGV token, time to live (ms)
 *
 * Answers the generation, 0 where somebody else holds the lock. Generations are times, so that a master that took over without the
 * latest of them does not give it again.
 */
export const TAKE_KEEPER = script(`
local holder = redis.call('GET', KEYS[1])
if holder and holder ~= ARGV[1] then return 0 end
local time = redis.call('TIME')
local now = tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)
local generation = math.max(now, tonumber(redis.call('GET', KEYS[2]) or 0) + 1)
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
redis.call('SET', KEYS[2], string.format('%.0f', generation))
return generation
`)

/** KEYS lock, generation · ARGV token, time to live (ms), generation. Answers 1 while the lock is the token's. */
export const RENEW_KEEPER = script(`
if redis.call('GET', KEYS[1]) ~= ARGV[1] or redis.call('GET', KEYS[2]) ~= ARGV[3] then return 0 end
return redis.call('PEXPIRE', KEYS[1], ARGV[2])
`)

/** KEYS lock · ARGV token. */
export const RELEASE_KEEPER = script(`
if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('DEL', KEYS[1]) end
return 0
`)

/** Lua: whether a newer keeper was here. */
const REFUSES_OLDER = `
local function is_older(key, generation) return tonumber(redis.call('GET', key) or 0) > tonumber(generation) end
`

/** KEYS keeper of the partition · ARGV generation. From now on older ones are refused. Answers 0 to an older one. */
export const CLAIM_PARTITION = script(`${REFUSES_OLDER}
if is_older(KEYS[1], ARGV[1]) then return 0 end
redis.call('SET', KEYS[1], ARGV[1])
return 1
`)

/** KEYS generation, log · ARGV generation, text (empty: done with). Answers 0 to an older keeper. */
export const WRITE_LOG = script(`
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
if ARGV[2] == '' then redis.call('DEL', KEYS[2]) else redis.call('SET', KEYS[2], ARGV[2]) end
return 1
`)

/**
 * KEYS keeper of the partition, members or zones of it
 * ARGV generation, then field, value of each; an empty value: the field goes
 *
 * Answers 0 to an older keeper. Idempotent.
 */
export const KEEP_FIELDS = script(`${REFUSES_OLDER}
if is_older(KEYS[1], ARGV[1]) then return 0 end
for at = 2, #ARGV, 2 do
  if ARGV[at + 1] == '' then redis.call('HDEL', KEYS[2], ARGV[at]) else redis.call('HSET', KEYS[2], ARGV[at], ARGV[at + 1]) end
end
return 1
`)

/**
 * KEYS generation, list, living, ended, network, places of the network
 * ARGV generation, retention (ms), place in the list, summary (JSON; empty: as it is), whether it has ended ('1' or '0'), standing
 *      (empty: as it is), how many leave, their places, the places of those that come
 *
 * Answers 0 to an older keeper. Idempotent. What has ended goes after the retention time; its places in the lists with whoever
 * finds it gone.
 */
export const KEEP_NETWORK = script(`
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
local leaving = tonumber(ARGV[7])
for at = 8, 7 + leaving do redis.call('ZREM', KEYS[6], ARGV[at]) end
for at = 8 + leaving, #ARGV do redis.call('ZADD', KEYS[6], 0, ARGV[at]) end
if ARGV[6] ~= '' then redis.call('HSET', KEYS[5], 'standing', ARGV[6]) end
if ARGV[4] ~= '' then
  redis.call('HSET', KEYS[5], 'summary', ARGV[4])
  redis.call('ZADD', KEYS[2], 0, ARGV[3])
  if ARGV[5] == '1' then
    redis.call('ZREM', KEYS[3], ARGV[3])
    redis.call('ZADD', KEYS[4], 0, ARGV[3])
    redis.call('PEXPIRE', KEYS[5], ARGV[2])
  else
    redis.call('ZREM', KEYS[4], ARGV[3])
    redis.call('ZADD', KEYS[3], 0, ARGV[3])
    redis.call('PERSIST', KEYS[5])
  end
end
return 1
`)
