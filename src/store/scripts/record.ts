// Lua of all scripts that touch a target: its record read, changed and written, who needs it, and where it is scheduled. The
// form of the bytes is told in target-record.ts, which reads them outside of Redis; only scripts write them.

/** Referrers that fit into a record. Hand-set: a zone has a host or two, and a hoster's name server gets a set of its own. */
const REFERRERS_IN_RECORD = 8

/**
 * Lua. Every script that begins with it has in `P` what the keys of the partition begin with (ARGV[1], unless it sets it), and in KEYS, in any order, each
 * key that it touches: while a slot moves to another master, Redis tells by them whether a call can be served, and what is not
 * declared looks as if it were not there. A key that is missing in KEYS is an error of ours, with one exception: which queue a
 * target is in only its record tells. So scripts ask `knows_queue(r)` before they write, and answer `{ 'tenant', r.tenant }` where
 * it is not declared: the caller comes again with it.
 *
 * `read(id)` → the record, one without a round when there is none · `write(r)`, where anything changed; keeps the time to live ·
 * `let_go(r, retention)` · `needed(r)` · `adopt(r, tenant, express)` ·
 * `add_referrer`, `remove_referrer(r, id)` · `queue_of(r)`: the sorted set that schedules it · `due_soon(r, at)`: due at `at`
 * if it would have been later or was not scheduled; never before the `earliest` of its last round, and a due time that is
 * the end of a lease is left alone, for the commit of that round sets the next one · `unschedule(r)`.
 */
export const RECORD = `
local P = ARGV[1]
local DECLARED = {}
for _, name in ipairs(KEYS) do DECLARED[name] = true end

local function key_of(name)
  if not DECLARED[P .. name] then error('undeclared key ' .. P .. name) end
  return P .. name
end

local function read(id)
  local key = key_of('t:' .. id)
  local raw = redis.call('GET', key)
  local r = { id = id, key = key, exists = raw and true, revision = 0, round = 0, committedAt = 0, earliestAfter = 0, still = 255,
    tenant = '', referrers = '', series = '', addedAt = 0, watchUntil = 0, openSince = 0, firstFlaggedAt = 0, endedAt = 0,
    interval = 0, verdict = 0, fluxType = 0, version = 0, score = 0, tags = '', scans = '', raw = raw }
  if not raw then return r end
  if string.byte(raw) ~= 1 then error('Expected a record of form 1, got ' .. tostring(string.byte(raw))) end
  local flags, at
  flags, r.revision, r.round, r.committedAt, r.earliestAfter, r.still, r.tenant, r.referrers, at =
    struct.unpack('<xBHI4I6I4BBc0Hc0', raw)
  r.watched = flags % 2 == 1
  r.submitted = math.floor(flags / 2) % 2 == 1
  r.express = math.floor(flags / 4) % 2 == 1
  r.crowded = math.floor(flags / 8) % 2 == 1
  if r.submitted then
    r.addedAt, r.watchUntil, r.openSince, r.firstFlaggedAt, r.endedAt, r.interval, r.verdict, r.fluxType, r.version, r.score,
      r.tags, r.scans, at = struct.unpack('<I6I6I6I6I6I4BBI4HHc0I3c0', raw, at)
  end
  r.series = string.sub(raw, at)
  return r
end

local function write(r)
  local flags = (r.watched and 1 or 0) + (r.submitted and 2 or 0) + (r.express and 4 or 0) + (r.crowded and 8 or 0)
  local head = struct.pack('<BBHI4I6I4BBc0Hc0', 1, flags, r.revision, r.round, r.committedAt, r.earliestAfter,
    r.still, #r.tenant, r.tenant, #r.referrers, r.referrers)
  local watch = ''
  if r.submitted then
    watch = struct.pack('<I6I6I6I6I6I4BBI4HHc0I3c0', r.addedAt, r.watchUntil, r.openSince, r.firstFlaggedAt, r.endedAt,
      r.interval, r.verdict, r.fluxType, r.version, r.score, #r.tags, r.tags, #r.scans, r.scans)
  end
  local bytes = head .. watch .. r.series
  if bytes == r.raw then return end
  redis.call('SET', r.key, string.sub(bytes, 1, 2) .. struct.pack('<H', (r.revision + 1) % 65536) .. string.sub(bytes, 5), 'KEEPTTL')
end

-- What nobody needs: what it has seen stays for a while, what has seen nothing goes.
local function let_go(r, retention)
  if r.round == 0 and not r.submitted then redis.call('DEL', r.key) else redis.call('PEXPIRE', r.key, retention) end
end

local function crowd_of(r) return key_of('references:' .. r.id) end

local function referrers_of(r)
  local list, at = {}, 1
  while at <= #r.referrers do list[#list + 1], at = struct.unpack('<Hc0', r.referrers, at) end
  return list
end

local function join_referrers(list)
  local parts = {}
  for i, one in ipairs(list) do parts[i] = struct.pack('<Hc0', #one, one) end
  return table.concat(parts)
end

local function add_referrer(r, referrer)
  if r.crowded then redis.call('SADD', crowd_of(r), referrer); return false end
  local list = referrers_of(r)
  for _, one in ipairs(list) do if one == referrer then return false end end
  list[#list + 1] = referrer
  if #list > ${REFERRERS_IN_RECORD} then
    redis.call('SADD', crowd_of(r), unpack(list))
    r.crowded, r.referrers = true, ''
  else
    r.referrers = join_referrers(list)
  end
  return true
end

local function remove_referrer(r, referrer)
  if r.crowded then
    redis.call('SREM', crowd_of(r), referrer)
    if redis.call('EXISTS', crowd_of(r)) == 1 then return false end
    r.crowded = false
    return true
  end
  local left = {}
  for _, one in ipairs(referrers_of(r)) do if one ~= referrer then left[#left + 1] = one end end
  local joined = join_referrers(left)
  if joined == r.referrers then return false end
  r.referrers = joined
  return true
end

local function needed(r) return r.watched or r.crowded or r.referrers ~= '' end

local function suffix_of(tenant) return tenant == '' and '' or ':' .. tenant end
local function knows_queue(r) return not r.exists or DECLARED[P .. 'due' .. suffix_of(r.tenant)] end
local function queue_of(r) return key_of((r.express and 'express' or 'due') .. suffix_of(r.tenant)) end

-- From now on that tenant's queue schedules it. It may still stand in the one of before, even if nobody needed it any more.
local function adopt(r, tenant, express)
  if r.exists and (r.tenant ~= tenant or (r.express or false) ~= express) then redis.call('ZREM', queue_of(r), r.id) end
  r.tenant, r.express = tenant, express
end

local function earliest_of(r) return r.committedAt + r.earliestAfter end

local function is_leased(r)
  local score = redis.call('ZSCORE', queue_of(r), r.id)
  return score and score == redis.call('ZSCORE', key_of('leases'), r.id)
end

local function due_soon(r, at)
  if is_leased(r) then return 0 end
  return redis.call('ZADD', queue_of(r), 'LT', math.max(tonumber(at), earliest_of(r)), r.id)
end

local function unschedule(r)
  redis.call('ZREM', queue_of(r), r.id)
  redis.call('ZREM', key_of('leases'), r.id)
end
`
