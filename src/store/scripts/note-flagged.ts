// Notes that an address served a flagged name: bounded, and the same when it is done twice.
import { script } from '../script.ts'

/**
 * KEYS flagged-at of an address, its crowd (same slot)
 * ARGV registrable domain, when the address last served it (ms), how many names are kept, how long (ms)
 *
 * The crowd counts names for that long since the first of them, then anew; so an address that served many in turn over years
 * is not shut out for ever.
 */
export const NOTE_FLAGGED = script(`
local domain, at, kept, keep = ARGV[1], ARGV[2], tonumber(ARGV[3]), tonumber(ARGV[4])
redis.call('ZADD', KEYS[1], 'GT', at, domain)
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', '(' .. string.format('%.0f', tonumber(at) - keep))
redis.call('ZREMRANGEBYRANK', KEYS[1], 0, -(kept + 1))
redis.call('PEXPIRE', KEYS[1], keep)
local isFirst = redis.call('EXISTS', KEYS[2]) == 0
redis.call('PFADD', KEYS[2], domain)
if isFirst then redis.call('PEXPIRE', KEYS[2], keep) end
return 1
`)
