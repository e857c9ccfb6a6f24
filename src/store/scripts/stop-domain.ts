// Stops watching one domain; its verdict and series stay readable for the retention time.
import { script } from '../script.ts'

/**
 * KEYS domain hash, references of its host target, due set, events stream, host target hash, domain-scans set, leases
 * ARGV host target id, now (ms), channel, domain, retention (ms)
 *
 * Tells the end with the verdict and the round as they are in this very step (a `WatchEndedEntry`).
 * Answers 1 when the domain is known (stopped now or before), 0 when it was never submitted.
 */
export const STOP_DOMAIN = script(`
if redis.call('EXISTS', KEYS[1]) == 0 then return 0 end
if redis.call('HGET', KEYS[1], 'watching') ~= '1' then return 1 end
redis.call('HSET', KEYS[1], 'watching', '0')
redis.call('SREM', KEYS[2], 'watch')
redis.call('PEXPIRE', KEYS[1], ARGV[5])
redis.call('PEXPIRE', KEYS[6], ARGV[5])
local ended = {
  kind = 'watch-ended',
  domain = ARGV[4],
  verdict = redis.call('HGET', KEYS[1], 'verdict') or 'pending',
  version = tonumber(redis.call('HGET', KEYS[5], 'round') or '0'),
  reason = 'stopped',
  at = tonumber(ARGV[2]),
}
redis.call('XADD', KEYS[4], '*', 'event', cjson.encode(ended))
if redis.call('SCARD', KEYS[2]) == 0 then
  redis.call('ZREM', KEYS[3], ARGV[1])
  redis.call('ZREM', KEYS[7], ARGV[1])
  redis.call('PEXPIRE', KEYS[5], ARGV[5])
end
redis.call('PUBLISH', ARGV[3], ARGV[4])
return 1
`)
