// Intake of one domain, atomic and idempotent: the domain, its scan, its host target and the first due time.
import { script } from '../script.ts'
import { DUE_SOON } from './due-soon.ts'

/** Tags that a domain keeps: those given last. A scan brings 16 at most. */
export const TAG_LIMIT = 64

/**
 * KEYS domain hash, domain-scans set, references of the host target, due set, host target hash, leases
 * ARGV domain, scan id, now (ms), watch until (ms), interval (s or ''), tags (JSON array), host target id, whether the watch may
 *      end when its question is answered ('1' or '0')
 *
 * A longer watch wins over a shorter one, an ordered one over one that may end, a shorter interval over a longer one, tags are
 * united up to the limit.
 * A domain that is watched already keeps its due time; another is due as soon as `due_soon` allows, even if its host serves
 * as a name server and had a later turn. One whose watch was over keeps its series but not its verdict: a verdict rests on
 * at least one look of this watch. Answers [verdict, the round that made it, assessment, when it was first flagged]; the
 * last two are '' for a pending domain.
 */
export const WATCH_DOMAIN = script(`${DUE_SOON}
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
if ARGV[8] ~= '1' then redis.call('HSET', KEYS[1], 'openSince', '')
elseif watching ~= '1' then redis.call('HSET', KEYS[1], 'openSince', now) end
local had = watching == '1' and redis.call('HGET', KEYS[1], 'interval') or ''
if interval ~= '' and (not had or had == '' or tonumber(interval) < tonumber(had)) then had = interval end
redis.call('HSET', KEYS[1], 'watching', '1', 'interval', had or '')
local given, tags = cjson.decode(ARGV[6]), {}
local isGiven = {}
for _, tag in ipairs(given) do isGiven[tag] = true end
for _, tag in ipairs(cjson.decode(redis.call('HGET', KEYS[1], 'tags') or '[]')) do
  if not isGiven[tag] then tags[#tags + 1] = tag end
end
for _, tag in ipairs(given) do
  if isGiven[tag] then isGiven[tag] = nil; tags[#tags + 1] = tag end
end
while #tags > ${TAG_LIMIT} do table.remove(tags, 1) end
redis.call('HSET', KEYS[1], 'tags', #tags == 0 and '[]' or cjson.encode(tags))
redis.call('SADD', KEYS[2], scan)
redis.call('SADD', KEYS[3], 'watch')
if watching ~= '1' then due_soon(KEYS[4], KEYS[6], KEYS[5], ARGV[7], now) end
redis.call('ZADD', KEYS[4], 'NX', now, ARGV[7])
redis.call('PERSIST', KEYS[1]); redis.call('PERSIST', KEYS[2]); redis.call('PERSIST', KEYS[5])
local known = redis.call('HMGET', KEYS[1], 'verdict', 'version', 'assessment', 'firstFlaggedAt')
if known[1] == 'pending' then return { known[1], known[2] or '0', '', '' } end
return { known[1], known[2] or '0', known[3] or '', known[4] or '' }
`)
