// The atomic commit of probe rounds: of each target its record, verdict, next due time and both streams, or nothing. Many rounds
// of one partition go in one call; each is in or out by itself.
import { FRAMED } from '../../core/outbox/round-frames.ts'
import { script } from '../script.ts'
import { RECORD } from './record.ts'

/** Arguments of each round. */
export const COMMIT_ARGUMENTS = 17

/**
 * KEYS leases, both streams of the partition, the queues of the tenants; of each round the record, and the assessment where it may be
 *      written
 * ARGV prefix of the partition, channel, retention (ms), then for each round: target id, expected round, series, next due (ms),
 *      time of the commit (ms), earliest next round (ms), rounds since the verdict was assessed (255: it was not), what was judged
 *      against (verdict × 8 + flux type; or '': nobody judged), verdict (or '': it stands as it is), flux type, first flagged
 *      (ms), score × 10,000, assessment (JSON; '': at rest, none is kept), why the watch is over (or ''), time of the
 *      judgement (ms), events (JSON array of strings, or ''), observations (or '')
 *
 * A watch that was made longer while the host was probed is not over, nor an answered one that was ordered meanwhile: the end
 * is neither written nor told. A host that was
 * submitted while it was probed as a name server is due again as soon as the least interval allows.
 *
 * Answers for each round `committed`, `unwatched` (committed as a shared host, without its verdict: the domain was stopped
 * while it was probed), `stale` (somebody else committed this round, or the domain was watched anew meanwhile and has another
 * verdict than the one that was judged against: nothing is written, though in the latter case the host is due at once) or `gone`
 * (nobody needs the target any more: nothing is written, and what is stored goes after the retention time).
 */
export const COMMIT_ROUNDS = script(`${RECORD}
local channel, retention = ARGV[2], ARGV[3]
local frames = {}
-- Before anything is written: what cannot be read fails the call whole, and its rounds are sent again one by one.
local records = {}
for at = 4, #ARGV, ${COMMIT_ARGUMENTS} do records[ARGV[at]] = read(ARGV[at]) end

local function commit(at)
  local id, now, due = ARGV[at], tonumber(ARGV[at + 4]), tonumber(ARGV[at + 3])
  local earliest, over = tonumber(ARGV[at + 5]), ARGV[at + 13]
  local r = records[id] or read(id)
  records[id] = nil
  -- Watched for another tenant since it was loaded.
  if not knows_queue(r) then return 'stale' end
  if not needed(r) then
    unschedule(r)
    let_go(r, retention)
    return 'gone'
  end
  if r.round ~= tonumber(ARGV[at + 1]) then return 'stale' end
  local judged = ARGV[at + 7] ~= ''
  if judged and r.watched then
    if r.verdict * 8 + r.fluxType ~= tonumber(ARGV[at + 7]) then
      redis.call('ZREM', key_of('leases'), id)
      due_soon(r, ARGV[at + 14])
      return 'stale'
    end
  elseif r.watched and earliest < due then
    due = earliest
  end
  local writes = judged and r.watched and ARGV[at + 8] ~= ''
  local ends = writes and ((over == 'time_up' and r.watchUntil <= tonumber(ARGV[at + 14])) or (over == 'answered' and r.openSince > 0))
  local changed = writes and (r.verdict ~= tonumber(ARGV[at + 8]) or r.fluxType ~= tonumber(ARGV[at + 9]))
  unschedule(r)
  r.express = false
  r.round, r.series, r.committedAt, r.earliestAfter = r.round + 1, ARGV[at + 2], now, math.max(0, earliest - now)
  r.still = tonumber(ARGV[at + 6])
  local function assessment() return key_of('assessment:' .. string.sub(id, 6)) end
  if writes then
    r.verdict, r.fluxType, r.firstFlaggedAt = tonumber(ARGV[at + 8]), tonumber(ARGV[at + 9]), tonumber(ARGV[at + 10])
    r.version, r.score = r.round, tonumber(ARGV[at + 11])
    if ARGV[at + 12] == '' then redis.call('DEL', assessment()) else redis.call('SET', assessment(), ARGV[at + 12]) end
  end
  -- At rest from now on: what was kept says less than the series.
  if not writes and r.watched and r.still == 1 then redis.call('DEL', assessment()) end
  if ends then r.watched, r.endedAt = false, now end
  write(r)
  if needed(r) then redis.call('ZADD', queue_of(r), due, id) end
  if ARGV[at + 16] ~= '' then frames[#frames + 1] = struct.pack('<I4c0', #ARGV[at + 16], ARGV[at + 16]) end
  if not judged then return 'committed' end
  if not r.watched and not ends then return 'unwatched' end
  if ARGV[at + 15] ~= '' then
    for _, event in ipairs(cjson.decode(ARGV[at + 15])) do
      if ends or cjson.decode(event).kind ~= 'watch-ended' then redis.call('XADD', key_of('events'), '*', 'event', event) end
    end
  end
  if ends then
    if not needed(r) then let_go(r, retention) end
    redis.call('PEXPIRE', assessment(), retention)
  end
  if changed or ends then redis.call('PUBLISH', channel, string.sub(id, 6)) end
  return 'committed'
end

local answer = {}
for at = 4, #ARGV, ${COMMIT_ARGUMENTS} do answer[#answer + 1] = commit(at) end
if #frames > 0 then redis.call('XADD', key_of('observations'), '*', 'round', string.char(${FRAMED}) .. table.concat(frames)) end
return answer
`)
