// The first change of a name server's address: when it came, when it showed, and how many probes it took to be called by its
// name. The clock of NS and double flux starts here: before it there is nothing to see.
import type { NameServerMove, Said } from './watch-record.ts'
import type { WatchRound } from '../../src/lab/watch/host-watch.ts'
import type { LabNameServer } from '../../src/lab/zones/zone.ts'

/** The first change in truth after `from` and until `until`; null when there is none. ms since the epoch. */
export function nextMove(
  nameServers: readonly Pick<LabNameServer, 'changesAfter'>[],
  from: number,
  until: number,
): number | null {
  const moves = nameServers
    .map((server) => server.changesAfter(from))
    .filter((at) => at !== null)
    .filter((at) => at <= until)
  return moves.length === 0 ? null : Math.min(...moves)
}

/** `last`: the last round of the watch. Times are ms since the epoch. */
export function probesSince(
  movedAt: number,
  path: readonly Said[],
  last: Pick<WatchRound, 'sharedRounds' | 'nameServerMovedAt'>,
  startAt: number,
): NameServerMove {
  const timeOf = ({ seconds }: Said): number => startAt + seconds * 1000
  const inForce = path.findLast((one) => timeOf(one) <= movedAt)
  const later = path.filter((one) => timeOf(one) > movedAt)
  const said = [...(inForce === undefined ? [] : [inForce]), ...later].find(
    ({ fluxType }) => fluxType === 'ns' || fluxType === 'double',
  )
  const saidAt = said === undefined ? null : Math.max(timeOf(said), movedAt)
  const seenAt = last.nameServerMovedAt
  const busiest = (since: number): number =>
    Math.max(
      0,
      ...[...last.sharedRounds.values()].map(
        (rounds) => rounds.filter((at) => at >= since && at <= saidAt!).length,
      ),
    )
  return {
    seconds: (movedAt - startAt) / 1000,
    seenSeconds: seenAt === null ? null : (seenAt - startAt) / 1000,
    saidSeconds: saidAt === null ? null : (saidAt - startAt) / 1000,
    probesAfter: saidAt === null ? null : busiest(movedAt),
    probesAfterSeen: saidAt === null || seenAt === null ? null : busiest(seenAt),
  }
}
