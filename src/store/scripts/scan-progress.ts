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
 * KEYS scan hash, scan-verdicts hash, events stream of the scan's partition
 * ARGV domain, verdict, version (the round that made the verdict), settled ('1' or '0'), mode (`add`: a domain new to
 *      the scan · `update`: one that is in it), now (ms), completion event (JSON)
 *
 * A settled domain stays settled, an older version never replaces a newer one, and a scan that is unknown or cancelled
 * is left alone. Answers 1 when the domain was new to the scan, -1 when there is no such scan or it is cancelled.
 */
export const COUNT_VERDICT = script(`${COMPLETE}
local state = redis.call('HGET', KEYS[1], 'state')
if not state or state == 'cancelled' then return -1 end
local before = redis.call('HGET', KEYS[2], ARGV[1])
local settled = ARGV[4]
if before then
  if ARGV[5] == 'add' then return 0 end
  local oldVerdict, oldVersion, oldSettled = string.match(before, '^(.*)|(.*)|(.)$')
  if tonumber(ARGV[3]) < tonumber(oldVersion) then return 0 end
  redis.call('HINCRBY', KEYS[1], 'verdict-' .. oldVerdict, -1)
  if oldSettled == '1' then
    settled = '1'
    redis.call('HINCRBY', KEYS[1], 'settled', -1)
  end
elseif ARGV[5] == 'add' then
  redis.call('HINCRBY', KEYS[1], 'domains', 1)
else
  return 0
end
redis.call('HSET', KEYS[2], ARGV[1], ARGV[2] .. '|' .. ARGV[3] .. '|' .. settled)
redis.call('HINCRBY', KEYS[1], 'verdict-' .. ARGV[2], 1)
if settled == '1' then redis.call('HINCRBY', KEYS[1], 'settled', 1) end
complete(ARGV[6], ARGV[7])
return before and 0 or 1
`)

/**
 * KEYS scan hash, scan-verdicts hash, events stream of the scan's partition, scan deadlines, scan-domains set
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
