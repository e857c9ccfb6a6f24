// A scan's counters: each domain counts once, whatever is delivered twice; completion happens exactly once.
import { script } from '../script.ts'

const COMPLETE = `
local function complete(now, event)
  local scan = redis.call('HMGET', KEYS[1], 'sealed', 'state', 'settled', 'domains')
  if scan[1] == '1' and scan[2] == 'running' and tonumber(scan[3] or '0') >= tonumber(scan[4] or '0') then
    redis.call('HSET', KEYS[1], 'state', 'completed', 'endedAt', now)
    redis.call('XADD', KEYS[3], '*', 'event', event)
  end
end
`

/**
 * KEYS scan hash, scan-verdicts hash, scan-domains list
 * ARGV domains
 *
 * Adds domains that are pending. Answers for each 1 when it was new to the scan, else 0; nothing when there is no such
 * scan or it is cancelled.
 */
export const ADD_TO_SCAN = script(`
local state = redis.call('HGET', KEYS[1], 'state')
if not state or state == 'cancelled' then return nil end
local answer, new = {}, 0
for i, domain in ipairs(ARGV) do
  answer[i] = redis.call('HSETNX', KEYS[2], domain, 'pending|0|0')
  if answer[i] == 1 then
    redis.call('RPUSH', KEYS[3], domain)
    new = new + 1
  end
end
if new > 0 then
  redis.call('HINCRBY', KEYS[1], 'domains', new)
  redis.call('HINCRBY', KEYS[1], 'verdict-pending', new)
end
return answer
`)

/**
 * KEYS scan hash, scan-verdicts hash, events stream of the scan's partition
 * ARGV domain, verdict, version (the round that made the verdict), settled ('1' or '0'), now (ms), completion event (JSON)
 *
 * A settled domain stays settled, an older version never replaces a newer one, a domain that is not in the scan is not counted,
 * and a scan that is unknown or cancelled is left alone.
 */
export const COUNT_VERDICT = script(`${COMPLETE}
local state = redis.call('HGET', KEYS[1], 'state')
if not state or state == 'cancelled' then return 0 end
local before = redis.call('HGET', KEYS[2], ARGV[1])
if not before then return 0 end
local settled = ARGV[4]
local oldVerdict, oldVersion, oldSettled = string.match(before, '^(.*)|(.*)|(.)$')
if tonumber(ARGV[3]) < tonumber(oldVersion) then return 0 end
redis.call('HINCRBY', KEYS[1], 'verdict-' .. oldVerdict, -1)
if oldSettled == '1' then
  settled = '1'
  redis.call('HINCRBY', KEYS[1], 'settled', -1)
end
redis.call('HSET', KEYS[2], ARGV[1], ARGV[2] .. '|' .. ARGV[3] .. '|' .. settled)
redis.call('HINCRBY', KEYS[1], 'verdict-' .. ARGV[2], 1)
if settled == '1' then redis.call('HINCRBY', KEYS[1], 'settled', 1) end
complete(ARGV[5], ARGV[6])
return 1
`)

/**
 * KEYS scan hash, scan-verdicts hash, events stream of the scan's partition, scan deadlines, scan-domains list
 * ARGV now (ms), completion event (JSON), scan id, deadline (ms)
 *
 * From now on the scan can complete and does not expire. One that is not running (any more) is left alone: it has been
 * cancelled or its time was up, and it goes after the retention time.
 */
export const SEAL_SCAN = script(`${COMPLETE}
if redis.call('HGET', KEYS[1], 'state') ~= 'running' then return 0 end
redis.call('HSET', KEYS[1], 'sealed', '1')
redis.call('PERSIST', KEYS[1]); redis.call('PERSIST', KEYS[2]); redis.call('PERSIST', KEYS[5])
redis.call('ZADD', KEYS[4], ARGV[4], ARGV[3])
complete(ARGV[1], ARGV[2])
return 1
`)

/**
 * KEYS scan hash, events stream of the scan's partition
 * ARGV now (ms), completion event (JSON)
 *
 * Completes a running scan, whether its domains have settled or not.
 */
export const END_SCAN = script(`
if redis.call('HGET', KEYS[1], 'state') ~= 'running' then return 0 end
redis.call('HSET', KEYS[1], 'state', 'completed', 'endedAt', ARGV[1])
redis.call('XADD', KEYS[2], '*', 'event', ARGV[2])
return 1
`)
