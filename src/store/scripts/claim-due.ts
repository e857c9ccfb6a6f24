// Claims what is due with a lease: a job that is lost heals itself, since the target falls due again when the lease ends.
import { script } from '../script.ts'

/**
 * KEYS the express queue and the other one of each tenant, in turn
 * ARGV now (ms)
 *
 * What is due, tenant by tenant: [targets due in the express queue, in the other one, scheduled in all, the oldest due
 * time of both (ms, or '')], flat.
 */
export const LOOK_DUE = script(`
local now = ARGV[1]
local answer = {}
for at = 1, #KEYS, 2 do
  local row = { 0, 0, 0, '' }
  for place = 1, 2 do
    local queue = KEYS[at + place - 1]
    row[3] = row[3] + redis.call('ZCARD', queue)
    local first = redis.call('ZRANGE', queue, 0, 0, 'WITHSCORES')[2]
    if first then
      if row[4] == '' or tonumber(first) < tonumber(row[4]) then row[4] = first end
      if tonumber(first) <= tonumber(now) then row[place] = redis.call('ZCOUNT', queue, '-inf', now) end
    end
  end
  for _, value in ipairs(row) do answer[#answer + 1] = tostring(value) end
end
return answer
`)

/**
 * KEYS leases, then queues
 * ARGV now (ms), lease end (ms), then the limit of each queue
 *
 * The leases tell a due time that is the end of a lease from one that a commit has set; those that have run out are dropped.
 * Answers [target id, was due at, …] of each queue in turn, oldest due first.
 */
export const CLAIM_DUE = script(`
local now, leaseEnd = ARGV[1], ARGV[2]
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now)
local answer = {}
for i = 2, #KEYS do
  local due = redis.call('ZRANGEBYSCORE', KEYS[i], '-inf', now, 'WITHSCORES', 'LIMIT', 0, ARGV[i + 1])
  for j = 1, #due, 2 do
    redis.call('ZADD', KEYS[i], 'XX', leaseEnd, due[j])
    redis.call('ZADD', KEYS[1], leaseEnd, due[j])
  end
  answer[#answer + 1] = due
end
return answer
`)
