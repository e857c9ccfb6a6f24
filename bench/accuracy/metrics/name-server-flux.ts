// How soon NS and double flux are called so, counted from the first change of a name server's address.
import type { WatchRecord } from '../watch-record.ts'
import { shareOf } from './share.ts'
import type { Share } from './share.ts'

export interface NameServerFluxRow {
  readonly name: string
  /** Of all members: an address of a name server changed during the watch. */
  readonly moved: Share
  /** Of these: some look showed it. */
  readonly seen: Share
  /** Of the moved: NS or double flux was said within two probes of the change in truth. */
  readonly withinTwo: Share
  /** Of the seen: within two probes from the first that showed the change, that one counted. */
  readonly withinTwoSeen: Share
  /** Of the moved: it was said at all. */
  readonly said: Share
}

export function nameServerFlux(
  name: string,
  records: readonly Pick<WatchRecord, 'move'>[],
): NameServerFluxRow {
  const moved = records.flatMap(({ move }) => (move === null ? [] : [move]))
  const seen = moved.filter(({ seenSeconds }) => seenSeconds !== null)
  return {
    name,
    moved: { count: moved.length, total: records.length },
    seen: { count: seen.length, total: moved.length },
    withinTwo: shareOf(moved, ({ probesAfter }) => probesAfter !== null && probesAfter <= 2),
    withinTwoSeen: shareOf(seen, ({ probesAfterSeen }) => probesAfterSeen !== null && probesAfterSeen <= 2),
    said: shareOf(moved, ({ saidSeconds }) => saidSeconds !== null),
  }
}
