// Under which names the addresses of a name are kept: its own, and those that it was an alias of.
import type { RecordHistory } from '../../core/model/seen-record.ts'

/** RFC 1034 sets no limit to a chain; resolvers give up after 8 to 16 links. */
export const MOST_ALIASES = 8

/**
 * The name first, then the targets of its CNAME records that were seen at or after `seenSince` (ms; null: ever), and their
 * targets: at most 8 of them, nearest first.
 */
export async function withAliasTargets(
  records: RecordHistory,
  name: string,
  seenSince: number | null,
): Promise<readonly string[]> {
  const names = new Set([name])
  // A set goes on with what is added on the way.
  for (const each of names) {
    if (names.size > MOST_ALIASES) break
    const query = { name: each, type: 'CNAME', seenSince, cursor: null, limit: MOST_ALIASES }
    for (const { data } of (await records.records(query)).items) {
      if (names.size <= MOST_ALIASES) names.add(data)
    }
  }
  return [...names]
}
