// The one atomic commit of a probe round: series, verdict, next due time, and both streams, or nothing.
import { script } from '../script.ts'

/**
 * KEYS target hash, references, due set, observations stream, events stream, domain hash, domain-scans set
 * ARGV target id, expected round, new round, series, next due (ms), observations (JSON or ''), fields of the domain (JSON
 *      object or ''), events (JSON array of strings), channel, domain, watch over ('1' or '0'), retention (ms), time of the
 *      judgement (ms, or '')
 *
 * A watch that was made longer while the host was probed is not over: its end is neither written nor told.
 *
 * Answers `committed`, `stale` (somebody else committed this round: nothing is written) or `gone` (nobody needs the
 * target any more, or the domain was stopped while it was probed: nothing is written).
 */
export const COMMIT_ROUND = script(`
local id, expected = ARGV[1], ARGV[2]
if redis.call('SCARD', KEYS[2]) == 0 then
  redis.call('ZREM', KEYS[3], id)
  return 'gone'
end
if (redis.call('HGET', KEYS[1], 'round') or '0') ~= expected then return 'stale' end
redis.call('HSET', KEYS[1], 'round', ARGV[3], 'series', ARGV[4])
redis.call('ZADD', KEYS[3], ARGV[5], id)
if ARGV[6] ~= '' then redis.call('XADD', KEYS[4], '*', 'round', ARGV[6]) end
if ARGV[7] ~= '' and redis.call('HGET', KEYS[6], 'watching') == '1' then
  for field, value in pairs(cjson.decode(ARGV[7])) do redis.call('HSET', KEYS[6], field, value) end
  local over = ARGV[11] == '1' and tonumber(redis.call('HGET', KEYS[6], 'watchUntil')) <= tonumber(ARGV[13])
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
end
return 'committed'
`)
