// Who needs a shared target (a zone, the host of a name server). Without references it is retired at its next turn.
import { script } from '../script.ts'

/**
 * KEYS references, due set, target hash
 * ARGV target id, referrer, due (ms)
 *
 * Idempotent; a target that is scheduled already keeps its due time.
 */
export const ADD_REFERENCE = script(`
redis.call('SADD', KEYS[1], ARGV[2])
redis.call('ZADD', KEYS[2], 'NX', ARGV[3], ARGV[1])
redis.call('PERSIST', KEYS[3])
return 1
`)

/**
 * KEYS references, due set, target hash
 * ARGV target id, retention (ms)
 *
 * Unschedules a target that nobody refers to; answers 0 and does nothing when somebody does (again). Its series and the number of
 * its last round stay for the retention time: a number that was committed is never used again, or history would take the
 * new observations for old ones.
 */
export const RETIRE = script(`
if redis.call('SCARD', KEYS[1]) > 0 then return 0 end
redis.call('ZREM', KEYS[2], ARGV[1])
redis.call('PEXPIRE', KEYS[3], ARGV[2])
return 1
`)

/**
 * KEYS due set
 * ARGV target id, due (ms)
 *
 * Brings a due time forward, never back, and never makes a retired target due again.
 */
export const HASTEN = script(`
return redis.call('ZADD', KEYS[1], 'XX', 'LT', ARGV[2], ARGV[1])
`)
