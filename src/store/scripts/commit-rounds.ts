// The atomic commit of probe rounds: of each target its record, verdict, next due time and both streams, or nothing. Many rounds
// go in one call, on a cluster those of one partition; each is in or out by itself.
import { FRAMED } from '../../core/outbox/round-frames.ts'
import { script } from '../script.ts'
import { RECORD } from './record.ts'

/** Arguments of each round. */
export const COMMIT_ARGUMENTS = 7
/** Of the numbers of a round, little-endian: those of a time are doubles. */
export const ROUND_NUMBERS = '<I4dddddBBBBBI2I2'
/** In place of a number that is not there. */
export const NONE = 255
/** Rounds that history lost less than this apart are one gap; ms of the clock. Hand-set. */
export const GAP_MS = 3_600_000
/** What an entry is counted with beside its payload. Measured: 30 to 150 for small ones, up to a sixth more for large ones. */
export const ENTRY_OCTETS = 64

/**
 * KEYS of each partition leases, both streams, history's backlog, the queues of the tenants; of each round the record, and the assessment where it may be
 *      written
 * ARGV channel, retention (ms), octets that may wait for history in a partition, then for each round: prefix of the partition, target id, numbers, series, assessment (JSON; '': at
 *      rest, none is kept), events (JSON array of strings, or ''), observations (or '')
 *
 * The numbers: expected round, next due (ms), time of the commit (ms), earliest next round (ms), first flagged (ms, or 0), time of
 * the judgement (ms), rounds since the verdict was assessed (255: it was not), what was judged against (verdict × 8 + flux type;
 * 255: nobody judged), verdict (255: it stands as it is), flux type, why the watch is over (0: it is not, 1: its time is up, 2:
 * answered), score × 10,000, observations.
 *
 * Where history is so far behind that its stream is full, a round is committed without its observations, and counted: what is live
 * goes on. What is in the stream stays.
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
local channel, retention, limit = ARGV[1], ARGV[2], tonumber(ARGV[3])
local frames, waiting = {}, {}
-- Before anything is written: what cannot be read fails the call whole, and its rounds are sent again one by one.
local records = {}
for at = 4, #ARGV, ${COMMIT_ARGUMENTS} do
  P = ARGV[at]
  records[ARGV[at + 1]] = read(ARGV[at + 1])
end

-- Into the frames that are added below, or into the counts of what is lost.
local function hand_on(observations, observed, now)
  local stream, backlog = key_of('observations'), key_of('observations:backlog')
  local octets = #observations + 4
  if not waiting[stream] then
    waiting[stream] = tonumber(redis.call('HGET', backlog, 'octets') or 0) + ${ENTRY_OCTETS}
    -- What an operator removed from the stream was not counted off.
    if waiting[stream] + octets > limit and redis.call('XLEN', stream) == 0 then
      redis.call('HDEL', backlog, 'octets')
      waiting[stream] = 0
    end
  end
  if waiting[stream] > 0 and waiting[stream] + octets > limit then
    if now - tonumber(redis.call('HGET', backlog, 'lost_at') or 0) > ${GAP_MS} then redis.call('HSET', backlog, 'lost_since', now) end
    redis.call('HSET', backlog, 'lost_at', now)
    redis.call('HINCRBY', backlog, 'lost_rounds', 1)
    redis.call('HINCRBY', backlog, 'lost_observations', observed)
    return
  end
  waiting[stream] = waiting[stream] + octets
  frames[stream] = (frames[stream] or '') .. struct.pack('<I4c0', #observations, observations)
end

local function commit(at)
  P = ARGV[at]
  local id, observations = ARGV[at + 1], ARGV[at + 6]
  local expected, due, now, earliest, firstFlaggedAt, asOf, still, against, verdict, fluxType, over, score, observed =
    struct.unpack('${ROUND_NUMBERS}', ARGV[at + 2])
  local r = records[id] or read(id)
  records[id] = nil
  -- Watched for another tenant since it was loaded.
  if not knows_queue(r) then return 'stale' end
  if not needed(r) then
    unschedule(r)
    let_go(r, retention)
    return 'gone'
  end
  if r.round ~= expected then return 'stale' end
  local judged = against ~= ${NONE}
  if judged and r.watched then
    if r.verdict * 8 + r.fluxType ~= against then
      redis.call('ZREM', key_of('leases'), id)
      due_soon(r, asOf)
      return 'stale'
    end
  elseif r.watched and earliest < due then
    due = earliest
  end
  local writes = judged and r.watched and verdict ~= ${NONE}
  local ends = writes and ((over == 1 and r.watchUntil <= asOf) or (over == 2 and r.openSince > 0))
  local changed = writes and (r.verdict ~= verdict or r.fluxType ~= fluxType)
  unschedule(r)
  r.express = false
  r.round, r.series, r.committedAt, r.earliestAfter = r.round + 1, ARGV[at + 3], now, math.max(0, earliest - now)
  r.still = still
  local function assessment() return key_of('assessment:' .. string.sub(id, 6)) end
  if writes then
    r.verdict, r.fluxType, r.firstFlaggedAt, r.version, r.score = verdict, fluxType, firstFlaggedAt, r.round, score
    if ARGV[at + 4] == '' then redis.call('DEL', assessment()) else redis.call('SET', assessment(), ARGV[at + 4]) end
  end
  -- At rest from now on: what was kept says less than the series.
  if not writes and r.watched and r.still == 1 then redis.call('DEL', assessment()) end
  if ends then r.watched, r.endedAt = false, now end
  write(r)
  if needed(r) then redis.call('ZADD', queue_of(r), due, id) end
  if observations ~= '' then hand_on(observations, observed, now) end
  if not judged then return 'committed' end
  if not r.watched and not ends then return 'unwatched' end
  if ARGV[at + 5] ~= '' then
    for _, event in ipairs(cjson.decode(ARGV[at + 5])) do
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
for stream, rounds in pairs(frames) do
  redis.call('XADD', stream, '*', 'round', string.char(${FRAMED}) .. rounds)
  redis.call('HINCRBY', stream .. ':backlog', 'octets', #rounds + 1 + ${ENTRY_OCTETS})
end
return answer
`)
