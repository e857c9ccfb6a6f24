// Who needs a shared target (a zone, the host of a name server). Without references it is retired at its next turn.
import { script } from '../script.ts'
import { RECORD } from './record.ts'

/**
 * KEYS record, referrers, leases, tenants, queues of the tenant
 * ARGV prefix of the partition, target id, referrer, due (ms), tenant, whether it goes before others ('1' or '0')
 *
 * Idempotent; a target that is scheduled already keeps its due time and its tenant, another is not due before its `earliest`.
 */
export const ADD_REFERENCE = script(`${RECORD}
local r = read(ARGV[2])
local wasNeeded = needed(r)
if not knows_queue(r) then return { 'tenant', r.tenant } end
-- Left and needed anew before its turn: it keeps that, and its tenant.
local isScheduled = r.exists and redis.call('ZSCORE', queue_of(r), r.id)
if not wasNeeded and not isScheduled then adopt(r, ARGV[5], ARGV[6] == '1') end
if not add_referrer(r, ARGV[3]) and wasNeeded then return 0 end
if not wasNeeded and r.tenant ~= '' then redis.call('SADD', key_of('tenants'), r.tenant) end
write(r)
redis.call('ZADD', queue_of(r), 'NX', math.max(tonumber(ARGV[4]), earliest_of(r)), r.id)
redis.call('PERSIST', r.key)
return 1
`)

/**
 * KEYS record, referrers
 * ARGV prefix of the partition, target id, referrer. Idempotent.
 */
export const REMOVE_REFERENCE = script(`${RECORD}
local r = read(ARGV[2])
if not r.exists or not remove_referrer(r, ARGV[3]) then return 0 end
write(r)
return 1
`)

/**
 * KEYS record, leases, queues of the tenant
 * ARGV prefix of the partition, target id, retention (ms)
 *
 * Unschedules a target that nobody refers to; answers 0 and does nothing when somebody does (again). Its series and the number of
 * its last round stay for the retention time: a number that was committed is not used again, for scans take the verdict of the
 * higher one for the newer.
 */
export const RETIRE = script(`${RECORD}
local r = read(ARGV[2])
if needed(r) then return 0 end
if not knows_queue(r) then return { 'tenant', r.tenant } end
unschedule(r)
let_go(r, ARGV[3])
return 1
`)

/**
 * KEYS record, leases, queues of the tenant
 * ARGV prefix of the partition, target id, due (ms)
 *
 * Brings a due time forward as `due_soon` does, and never makes a retired target due again. Whatever the next round brings, it
 * assesses: there is news.
 */
export const HASTEN = script(`${RECORD}
local r = read(ARGV[2])
if not r.exists then return 0 end
if not knows_queue(r) then return { 'tenant', r.tenant } end
if not redis.call('ZSCORE', queue_of(r), r.id) then return 0 end
if r.still ~= 255 then r.still = 255; write(r) end
return due_soon(r, ARGV[3])
`)
