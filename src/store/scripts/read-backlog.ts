// What waits for history in a partition, and what was lost to it.
import { script } from '../script.ts'

/**
 * KEYS stream, hash of the counts
 * Answers entries, age of the oldest (ms, by the clock of Redis, which made its id), octets, rounds lost, observations lost, first
 * and last loss of the latest gap (ms of the clock; 0: none), unreadable entries.
 */
export const READ_BACKLOG = script(`
local stream, backlog = KEYS[1], KEYS[2]
local entries = redis.call('XLEN', stream)
local age = 0
if entries > 0 then
  local now = redis.call('TIME')
  local id = redis.call('XRANGE', stream, '-', '+', 'COUNT', 1)[1][1]
  age = now[1] * 1000 + math.floor(now[2] / 1000) - tonumber(string.match(id, '^%d+'))
end
local answer = { entries, math.max(0, age) }
local names = { 'octets', 'lost_rounds', 'lost_observations', 'lost_since', 'lost_at', 'unreadable' }
for place, value in ipairs(redis.call('HMGET', backlog, unpack(names))) do answer[place + 2] = tonumber(value or 0) end
if entries == 0 then answer[3] = 0 end
return answer
`)
