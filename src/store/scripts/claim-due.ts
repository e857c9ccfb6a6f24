// Claims what is due with a lease: a job that is lost heals itself, since the target falls due again when the lease ends.
import { script } from '../script.ts'

/**
 * KEYS due set, leases
 * ARGV now (ms), lease end (ms), limit
 *
 * The leases tell a due time that is the end of a lease from one that a commit has set; those that have run out are dropped.
 * Answers [target id, was due at, …], oldest due first.
 */
export const CLAIM_DUE = script(`
redis.call('ZREMRANGEBYSCORE', KEYS[2], '-inf', ARGV[1])
local due = redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', ARGV[1], 'WITHSCORES', 'LIMIT', 0, ARGV[3])
for i = 1, #due, 2 do
  redis.call('ZADD', KEYS[1], 'XX', ARGV[2], due[i])
  redis.call('ZADD', KEYS[2], ARGV[2], due[i])
end
return due
`)
