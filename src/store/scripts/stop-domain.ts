// Stops watching one domain; its verdict and series stay readable for the retention time.
import { VERDICT_NAMES } from '../../core/model/assessment.ts'
import { script } from '../script.ts'
import { RECORD } from './record.ts'

/**
 * KEYS record, assessment, events stream, leases, queues of the tenant
 * ARGV prefix of the partition, domain, now (ms), channel, retention (ms)
 *
 * Tells the end with the verdict and the round as they are in this very step (a `WatchEndedEntry`).
 * Answers 1 when the domain is known (stopped now or before), 0 when it was never submitted.
 */
export const STOP_DOMAIN = script(`${RECORD}
local domain, now, retention = ARGV[2], tonumber(ARGV[3]), tonumber(ARGV[5])
local r = read('host:' .. domain)
if not r.submitted or (not r.watched and r.endedAt + retention < now) then return 0 end
if not r.watched then return 1 end
if not knows_queue(r) then return { 'tenant', r.tenant } end
r.watched, r.endedAt = false, now
write(r)
local verdicts = { ${VERDICT_NAMES.map((name) => `'${name}'`).join(', ')} }
local ended = {
  kind = 'watch-ended',
  domain = domain,
  verdict = verdicts[r.verdict + 1],
  version = r.round,
  reason = 'stopped',
  at = now,
}
redis.call('XADD', key_of('events'), '*', 'event', cjson.encode(ended))
redis.call('PEXPIRE', key_of('assessment:' .. domain), retention)
if not needed(r) then
  unschedule(r)
  let_go(r, retention)
end
redis.call('PUBLISH', ARGV[4], domain)
return 1
`)
