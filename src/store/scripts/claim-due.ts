// Claims what is due with a lease: a job that is lost heals itself, since the target falls due again when the lease ends.
import { script } from '../script.ts'

/**
 * KEYS a key of the partition
 * ARGV prefix of the partition, now (ms)
 *
 * What is due, tenant by tenant: [tenant, targets due in the express queue, in the other one, scheduled in all, the oldest due
 * time of both (ms, or '')], flat.
 */
export const LOOK_DUE = script(`
local P, now = ARGV[1], ARGV[2]
local tenants = redis.call('SMEMBERS', P .. 'tenants')
table.insert(tenants, 1, '')
local answer = {}
for _, tenant in ipairs(tenants) do
  local suffix = tenant == '' and '' or ':' .. tenant
  local row = { tenant, 0, 0, 0, '' }
  for place, queue in ipairs({ P .. 'express' .. suffix, P .. 'due' .. suffix }) do
    row[4] = row[4] + redis.call('ZCARD', queue)
    local first = redis.call('ZRANGE', queue, 0, 0, 'WITHSCORES')[2]
    if first then
      if row[5] == '' or tonumber(first) < tonumber(row[5]) then row[5] = first end
      if tonumber(first) <= tonumber(now) then row[1 + place] = redis.call('ZCOUNT', queue, '-inf', now) end
    end
  end
  for _, value in ipairs(row) do answer[#answer + 1] = tostring(value) end
end
return answer
`)

/**
 * KEYS a key of the partition
 * ARGV prefix of the partition, now (ms), lease end (ms), then for each queue: `express` or `due`, tenant, limit
 *
 * The leases tell a due time that is the end of a lease from one that a commit has set; those that have run out are dropped.
 * Answers [target id, was due at, …] of each queue in turn, oldest due first.
 */
export const CLAIM_DUE = script(`
local P, now, leaseEnd = ARGV[1], ARGV[2], ARGV[3]
redis.call('ZREMRANGEBYSCORE', P .. 'leases', '-inf', now)
local answer = {}
for i = 4, #ARGV, 3 do
  local queue = P .. ARGV[i] .. (ARGV[i + 1] == '' and '' or ':' .. ARGV[i + 1])
  local due = redis.call('ZRANGEBYSCORE', queue, '-inf', now, 'WITHSCORES', 'LIMIT', 0, ARGV[i + 2])
  for j = 1, #due, 2 do
    redis.call('ZADD', queue, 'XX', leaseEnd, due[j])
    redis.call('ZADD', P .. 'leases', leaseEnd, due[j])
  end
  answer[#answer + 1] = due
end
return answer
`)
