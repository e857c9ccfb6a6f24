// Intake of one domain, atomic and idempotent: the domain, its scan, its host target and the first due time.
import { script } from '../script.ts'

/**
 * KEYS domain hash, domain-scans set, references of the host target, due set, host target hash
 * ARGV domain, scan id, now (ms), watch until (ms), interval (s or ''), tags (JSON array), host target id
 *
 * A longer watch wins over a shorter one, a shorter interval over a longer one, tags are united.
 * A domain that is watched already keeps its due time; another is due now, even if its host serves as a name server and had
 * a later turn. One whose watch was over keeps its series but not its verdict: a verdict rests on at least one look of
 * this watch. Answers [verdict, the round that made it].
 */
export const WATCH_DOMAIN = script(`
local domain, scan, now, untilMs, interval = ARGV[1], ARGV[2], ARGV[3], tonumber(ARGV[4]), ARGV[5]
redis.call('HSETNX', KEYS[1], 'domain', domain)
redis.call('HSETNX', KEYS[1], 'addedAt', now)
redis.call('HSETNX', KEYS[1], 'verdict', 'pending')
local watching = redis.call('HGET', KEYS[1], 'watching')
if watching ~= '1' then
  redis.call('HSET', KEYS[1], 'verdict', 'pending', 'fluxType', '')
  redis.call('HDEL', KEYS[1], 'assessment', 'version')
end
local before = watching == '1' and tonumber(redis.call('HGET', KEYS[1], 'watchUntil') or '0') or 0
if untilMs > before then redis.call('HSET', KEYS[1], 'watchUntil', ARGV[4]) end
local had = watching == '1' and redis.call('HGET', KEYS[1], 'interval') or ''
if interval ~= '' and (not had or had == '' or tonumber(interval) < tonumber(had)) then had = interval end
redis.call('HSET', KEYS[1], 'watching', '1', 'interval', had or '')
local tags, seen = {}, {}
for _, list in ipairs({ cjson.decode(redis.call('HGET', KEYS[1], 'tags') or '[]'), cjson.decode(ARGV[6]) }) do
  for _, tag in ipairs(list) do
    if not seen[tag] then seen[tag] = true; tags[#tags + 1] = tag end
  end
end
redis.call('HSET', KEYS[1], 'tags', #tags == 0 and '[]' or cjson.encode(tags))
redis.call('SADD', KEYS[2], scan)
redis.call('SADD', KEYS[3], 'watch')
redis.call('ZADD', KEYS[4], watching == '1' and 'NX' or 'LT', now, ARGV[7])
redis.call('PERSIST', KEYS[1]); redis.call('PERSIST', KEYS[2]); redis.call('PERSIST', KEYS[5])
return { redis.call('HGET', KEYS[1], 'verdict'), redis.call('HGET', KEYS[1], 'version') or '0' }
`)
