// Pages of a sorted set, newest first. The cursor names a place (the score of the last member shown), not a count, so
// members that arrive or are removed never shift the next page. Scores are unique: `NEXT_SCORE` sees to that.
import { createHash } from 'node:crypto'
import { FluxError } from '../core/errors.ts'
import type { LiveRedis } from './redis.ts'

/**
 * Lua: `next_score(key, now)` is `now`, or one more than the newest score if that is later. Two members of one
 * millisecond thus keep their order and a score never occurs twice.
 */
export const NEXT_SCORE = `
local function next_score(key, now)
  local newest = redis.call('ZRANGE', key, 0, 0, 'REV', 'WITHSCORES')
  return math.max(tonumber(now), newest[2] and tonumber(newest[2]) + 1 or 0)
end
`

/** Members of one page and the cursor of the next; throws `FLUX_INVALID` for a cursor of another list or of nobody. */
export async function newestFirst(
  redis: LiveRedis,
  key: string,
  query: { cursor: string | null; limit: number },
): Promise<{ members: readonly string[]; next: string | null }> {
  const start = query.cursor === null ? '+inf' : `(${decodePlace(key, query.cursor)}`
  const found = await redis.zrange(key, start, '-inf', 'BYSCORE', 'REV', 'LIMIT', 0, query.limit + 1)
  const members = found.slice(0, query.limit)
  const last = members.at(-1)
  if (found.length <= query.limit || last === undefined) return { members, next: null }
  const score = await redis.zscore(key, last)
  // The last member can only be gone if it was removed in this instant; then so are all older ones, or soon.
  return { members, next: score === null ? null : encodePlace(key, Number(score)) }
}

/** base64url of `<digest of the list and the score>.<score>`: a cursor of another list, or a damaged one, is noticed. */
function encodePlace(key: string, score: number): string {
  const digest = createHash('sha1').update(`${key} ${score}`).digest('hex').slice(0, 8)
  return Buffer.from(`${digest}.${score}`).toString('base64url')
}

function decodePlace(key: string, cursor: string): number {
  const score = Number(Buffer.from(cursor, 'base64url').toString('latin1').split('.')[1])
  if (encodePlace(key, score) === cursor) return score
  throw new FluxError('FLUX_INVALID', 'The `cursor` was not made by this list', [
    {
      pointer: '/cursor',
      code: 'bad_cursor',
      detail: '`cursor` must be the `next` of an earlier page, unchanged',
    },
  ])
}
