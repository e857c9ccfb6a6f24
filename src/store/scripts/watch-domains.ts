// Intake of domains of one partition, each atomic and idempotent: the domain, its scan, its host target and the first due time.
import { script } from '../script.ts'
import { RECORD } from './record.ts'

/** Tags that a domain keeps: those given last. A scan brings 16 at most. */
export const TAG_LIMIT = 64

/**
 * KEYS leases, tenants, queues of the tenants; of each domain the record and the assessment
 * ARGV prefix of the partition, scan (12 octets), now (ms), watch until (ms), interval (s, or 0), tags (JSON array), whether the
 *      watch may end when its question is answered ('1' or '0'), tenant, retention (ms), how many of the domains go before others,
 *      then the domains
 *
 * A longer watch wins over a shorter one, an ordered one over one that may end, a shorter interval over a longer one, tags are
 * united up to the limit.
 * A domain that is watched already keeps its due time; another is due as soon as `due_soon` allows, even if its host serves
 * as a name server and had a later turn. One whose watch was over keeps its series but not its verdict: a verdict rests on
 * at least one look of this watch. Answers for each domain the number of the verdict, the round that
 * made it, when the domain was first flagged (ms, or 0) and the assessment (JSON, or ''); of one whose host another tenant's queue
 * schedules, which is not declared, -1 and that tenant first, and nothing is done.
 */
export const WATCH_DOMAINS = script(`${RECORD}
local scan, now, untilMs, interval, tags = ARGV[2], tonumber(ARGV[3]), tonumber(ARGV[4]), tonumber(ARGV[5]), ARGV[6]
local isOpen, tenant, retention, express = ARGV[7] == '1', ARGV[8], tonumber(ARGV[9]), tonumber(ARGV[10])
local given = tags == '[]' and {} or cjson.decode(tags)
if tenant ~= '' then redis.call('SADD', key_of('tenants'), tenant) end

local function unite(before)
  if #given == 0 then return before end
  if before == '' then return tags end
  local united, isGiven = {}, {}
  for _, tag in ipairs(given) do isGiven[tag] = true end
  for _, tag in ipairs(cjson.decode(before)) do
    if not isGiven[tag] then united[#united + 1] = tag end
  end
  for _, tag in ipairs(given) do
    if isGiven[tag] then isGiven[tag] = nil; united[#united + 1] = tag end
  end
  while #united > ${TAG_LIMIT} do table.remove(united, 1) end
  return cjson.encode(united)
end

local function has_scan(scans)
  for at = 1, #scans, 12 do
    if string.sub(scans, at, at + 11) == scan then return true end
  end
  return false
end

local answer = {}
local function reply(...)
  for _, value in ipairs({ ... }) do answer[#answer + 1] = value end
end

local function watch(name, isExpress)
  local r = read('host:' .. name)
  if not knows_queue(r) then
    reply(-1, r.tenant, 0, '')
    return
  end
  -- A watch of long ago, on a host that lived on as a name server.
  if r.submitted and not r.watched and r.endedAt + retention < now then
    r.submitted, r.addedAt, r.firstFlaggedAt, r.tags, r.scans = false, 0, 0, '', ''
  end
  if not r.submitted then r.submitted, r.addedAt = true, now end
  local was = r.watched
  if not was then
    if r.version > 0 then redis.call('DEL', key_of('assessment:' .. name)) end
    r.verdict, r.fluxType, r.version, r.score, r.still, r.watchUntil, r.interval, r.endedAt = 0, 0, 0, 0, 255, 0, 0, 0
    r.openSince = isOpen and now or 0
    if not r.exists or not is_leased(r) then adopt(r, tenant, isExpress) end
  elseif not isOpen then
    r.openSince = 0
  end
  r.watched = true
  r.watchUntil = math.max(r.watchUntil, untilMs)
  if interval > 0 and (r.interval == 0 or interval < r.interval) then r.interval = interval end
  r.tags = unite(r.tags)
  if not has_scan(r.scans) then r.scans = r.scans .. scan end
  write(r)
  if was then redis.call('ZADD', queue_of(r), 'NX', now, r.id) else due_soon(r, now) end
  if r.exists then redis.call('PERSIST', r.key) end
  local assessment = r.verdict > 0 and redis.call('GET', key_of('assessment:' .. name)) or ''
  reply(r.verdict, r.version, string.format('%.0f', r.firstFlaggedAt), assessment)
end

for i = 11, #ARGV do watch(ARGV[i], i - 10 <= express) end
return answer
`)

/**
 * KEYS record
 * ARGV prefix of the partition, scan (12 octets), domain
 *
 * The scan is over for the domain. Answers how many others it is in.
 */
export const LEAVE_SCAN = script(`${RECORD}
local r = read('host:' .. ARGV[3])
if not r.submitted then return 0 end
local left = {}
for at = 1, #r.scans, 12 do
  local one = string.sub(r.scans, at, at + 11)
  if one ~= ARGV[2] then left[#left + 1] = one end
end
local joined = table.concat(left)
if joined ~= r.scans then r.scans = joined; write(r) end
return #left
`)
