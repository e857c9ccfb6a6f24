// The one atomic commit of a probe round: series, verdict, next due time, and both streams, or nothing.
import { script } from '../script.ts'
import { DUE_SOON } from './due-soon.ts'

/**
 * KEYS target hash, references, due set, observations stream, events stream, domain hash, domain-scans set, leases
 * ARGV target id, expected round, new round, series, next due (ms), observations (JSON or ''), fields of the domain (JSON
 *      object or ''), events (JSON array of strings), channel, domain, why the watch is over (or ''), retention (ms), time of the
 *      judgement (ms, or ''), what was judged against (`verdict|flux type`, or ''), time of the commit (ms), earliest next
 *      round (ms)
 *
 * A watch that was made longer while the host was probed is not over, nor an answered one that was ordered meanwhile: the end
 * is neither written nor told. A host that was
 * submitted while it was probed as a name server is due again as soon as the least interval allows.
 *
 * Answers `committed`, `unwatched` (committed as a shared host, without its verdict: the domain was stopped while it was
 * probed), `stale` (somebody else committed this round, or the domain was watched anew meanwhile and has another verdict
 * than the one that was judged against: nothing is written, though in the latter case the host is due at once) or `gone`
 * (nobody needs the target any more: nothing is written, and what is stored goes after the retention time).
 */
export const COMMIT_ROUND = script(`${DUE_SOON}
local id, expected = ARGV[1], ARGV[2]
if redis.call('SCARD', KEYS[2]) == 0 then
  redis.call('ZREM', KEYS[3], id)
  redis.call('ZREM', KEYS[8], id)
  redis.call('PEXPIRE', KEYS[1], ARGV[12])
  return 'gone'
end
if (redis.call('HGET', KEYS[1], 'round') or '0') ~= expected then return 'stale' end
local judged, due = ARGV[7] ~= '', ARGV[5]
local watched = redis.call('SISMEMBER', KEYS[2], 'watch') == 1
if judged and watched then
  local standing = redis.call('HMGET', KEYS[6], 'verdict', 'fluxType')
  if (standing[1] or 'pending') .. '|' .. (standing[2] or '') ~= ARGV[14] then
    redis.call('ZREM', KEYS[8], id)
    due_soon(KEYS[3], KEYS[8], KEYS[1], id, ARGV[15])
    return 'stale'
  end
elseif watched and tonumber(ARGV[16]) < tonumber(due) then
  due = ARGV[16]
end
redis.call('HSET', KEYS[1], 'round', ARGV[3], 'series', ARGV[4], 'earliest', ARGV[16])
redis.call('ZADD', KEYS[3], due, id)
redis.call('ZREM', KEYS[8], id)
if ARGV[6] ~= '' then redis.call('XADD', KEYS[4], '*', 'round', ARGV[6]) end
if not judged then return 'committed' end
if not watched then return 'unwatched' end
for field, value in pairs(cjson.decode(ARGV[7])) do redis.call('HSET', KEYS[6], field, value) end
local over = false
if ARGV[11] == 'time_up' then over = tonumber(redis.call('HGET', KEYS[6], 'watchUntil')) <= tonumber(ARGV[13])
elseif ARGV[11] == 'answered' then over = (redis.call('HGET', KEYS[6], 'openSince') or '') ~= '' end
for _, event in ipairs(cjson.decode(ARGV[8])) do
  if over or cjson.decode(event).kind ~= 'watch-ended' then redis.call('XADD', KEYS[5], '*', 'event', event) end
end
if over then
  redis.call('HSET', KEYS[6], 'watching', '0')
  redis.call('SREM', KEYS[2], 'watch')
  redis.call('PEXPIRE', KEYS[6], ARGV[12])
  redis.call('PEXPIRE', KEYS[7], ARGV[12])
  if redis.call('SCARD', KEYS[2]) == 0 then
    redis.call('ZREM', KEYS[3], id)
    redis.call('PEXPIRE', KEYS[1], ARGV[12])
  end
end
redis.call('PUBLISH', ARGV[9], ARGV[10])
return 'committed'
`)
