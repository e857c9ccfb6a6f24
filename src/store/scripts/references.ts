// Who needs a shared target (a zone, the host of a name server). Without references it is retired at its next turn.
import { script } from '../script.ts'
import { DUE_SOON } from './due-soon.ts'

/**
 * KEYS references, due set, target hash
 * ARGV target id, referrer, due (ms)
 *
 * Idempotent; a target that is scheduled already keeps its due time, another is not due before its `earliest`.
 */
export const ADD_REFERENCE = script(`
redis.call('SADD', KEYS[1], ARGV[2])
local earliest = tonumber(redis.call('HGET', KEYS[3], 'earliest') or '0')
redis.call('ZADD', KEYS[2], 'NX', math.max(tonumber(ARGV[3]), earliest), ARGV[1])
redis.call('PERSIST', KEYS[3])
return 1
`)

/**
 * KEYS references, due set, target hash, leases
 * ARGV target id, retention (ms)
 *
 * Unschedules a target that nobody refers to; answers 0 and does nothing when somebody does (again). Its series and the number of
 * its last round stay for the retention time: a number that was committed is never used again, or history would take the
 * new observations for old ones.
 */
export const RETIRE = script(`
if redis.call('SCARD', KEYS[1]) > 0 then return 0 end
redis.call('ZREM', KEYS[2], ARGV[1])
redis.call('ZREM', KEYS[4], ARGV[1])
redis.call('PEXPIRE', KEYS[3], ARGV[2])
return 1
`)

/**
 * KEYS due set, leases, target hash
 * ARGV target id, due (ms)
 *
 * Brings a due time forward as `due_soon` does, and never makes a retired target due again.
 */
export const HASTEN = script(`${DUE_SOON}
if not redis.call('ZSCORE', KEYS[1], ARGV[1]) then return 0 end
return due_soon(KEYS[1], KEYS[2], KEYS[3], ARGV[1], ARGV[2])
`)
