// Entries of an outbox stream that their reader is done with: acknowledged, deleted, and taken off what waits there, in one step.
import { script } from '../script.ts'

/** Arguments of each entry. */
export const SETTLE_ARGUMENTS = 3
/** Entries of a partition that are kept for a person to look at. Hand-set: a fault of ours repeats itself. */
export const UNREADABLE_KEPT = 64

/**
 * KEYS stream; where what waits is counted: hash of the counts, stream of unreadable entries
 * ARGV group, then for each entry: id, octets that it was counted with, why nobody can read it ('': it is dealt with)
 *
 * An entry is counted off by whoever deletes it, so that two readers of one entry do no harm. An empty stream has nothing
 * waiting, whatever was counted. An unreadable entry goes whole into the stream of those, with its id and the reason.
 */
export const SETTLE_ENTRIES = script(`
local stream, backlog, unreadable = KEYS[1], KEYS[2], KEYS[3]
local group = ARGV[1]
local freed = 0
for at = 2, #ARGV, ${SETTLE_ARGUMENTS} do
  local id, octets, reason = ARGV[at], tonumber(ARGV[at + 1]), ARGV[at + 2]
  local entry = reason ~= '' and unreadable and redis.call('XRANGE', stream, id, id)[1]
  if entry then
    redis.call('XADD', unreadable, 'MAXLEN', ${UNREADABLE_KEPT}, '*', 'entry', id, 'reason', reason, unpack(entry[2]))
    redis.call('HINCRBY', backlog, 'unreadable', 1)
  end
  redis.call('XACK', stream, group, id)
  if redis.call('XDEL', stream, id) == 1 then freed = freed + octets end
end
if not backlog then return end
if redis.call('XLEN', stream) == 0 then
  redis.call('HDEL', backlog, 'octets')
elseif redis.call('HINCRBY', backlog, 'octets', -freed) < 0 then
  redis.call('HDEL', backlog, 'octets')
end
`)
