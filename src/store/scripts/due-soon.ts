// Lua that brings a due time forward. The two things that hold it back: a round that is under way, and the least interval.

/**
 * Lua: `due_soon(due, leases, target, id, at)` makes a target due at `at` if it would have been due later, or was not
 * scheduled; never before the `earliest` of its last committed round. A due time that is the end of a lease is left
 * alone: the round is under way, and its commit sets the next one. Answers 1 when the target was not scheduled before.
 */
export const DUE_SOON = `
local function due_soon(due, leases, target, id, at)
  local score = redis.call('ZSCORE', due, id)
  if score and score == redis.call('ZSCORE', leases, id) then return 0 end
  local earliest = tonumber(redis.call('HGET', target, 'earliest') or '0')
  return redis.call('ZADD', due, 'LT', math.max(tonumber(at), earliest), id)
end
`
