// Notes where a sensor saw a name lead: bounded, and the same when it is done twice or in another order.
import { script } from '../script.ts'

/**
 * KEYS sensed of a name, its target record (same slot)
 * ARGV sensor, how many addresses are kept, how many make it worth keeping, how long (ms), then address, first, last (ms) of each
 *
 * Fewer addresses than are worth keeping are noted only of a name that is noted or watched already: millions of names in a log
 * have one address for ever. Each value is `first last sensor,sensor`. Beyond the limit the addresses go that were seen last
 * longest ago. Answers whether it is noted.
 */
export const NOTE_SENSED = script(`
local sensor, kept, worth, keep = ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4])
if (#ARGV - 4) / 3 < worth and redis.call('EXISTS', KEYS[1], KEYS[2]) == 0 then return 0 end
for at = 5, #ARGV, 3 do
  local address, first, last, sensors = ARGV[at], ARGV[at + 1], ARGV[at + 2], sensor
  local held = redis.call('HGET', KEYS[1], address)
  if held then
    local heldFirst, heldLast, heldSensors = string.match(held, '^(%d+) (%d+) (.+)$')
    if tonumber(heldFirst) < tonumber(first) then first = heldFirst end
    if tonumber(heldLast) > tonumber(last) then last = heldLast end
    sensors = heldSensors
    if not string.find(',' .. sensors .. ',', ',' .. sensor .. ',', 1, true) then
      local names = { sensor }
      for name in string.gmatch(sensors, '[^,]+') do names[#names + 1] = name end
      table.sort(names)
      sensors = table.concat(names, ',', 1, math.min(#names, 8))
    end
  end
  redis.call('HSET', KEYS[1], address, first .. ' ' .. last .. ' ' .. sensors)
end
local over = redis.call('HLEN', KEYS[1]) - kept
if over > 0 then
  local all, entries = redis.call('HGETALL', KEYS[1]), {}
  for at = 1, #all, 2 do
    entries[#entries + 1] = { all[at], tonumber(string.match(all[at + 1], '^%d+ (%d+)')) }
  end
  table.sort(entries, function(a, b) return a[2] < b[2] or (a[2] == b[2] and a[1] < b[1]) end)
  for place = 1, over do redis.call('HDEL', KEYS[1], entries[place][1]) end
end
redis.call('PEXPIRE', KEYS[1], keep)
return 1
`)
