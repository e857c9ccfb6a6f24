// Watches one member in one way and keeps what the metrics need.
import { nextMove, probesSince } from './name-server-move.ts'
import { CHECKPOINTS } from './watch-record.ts'
import type { Said, Way, WatchRecord } from './watch-record.ts'
import type { Member } from '../../src/lab/population/member.ts'
import type { WatchRound } from '../../src/lab/watch/host-watch.ts'
import type { Knowledge } from '../../src/lab/watch/watch-enrichment.ts'
import { watchMember } from '../../src/lab/watch/watch-member.ts'
import { DIRECT_VANTAGE, THREE_RESOLVERS } from '../../src/lab/watch/watch-vantage.ts'
import type { WatchVantage } from '../../src/lab/watch/watch-vantage.ts'

const HOW: Readonly<Record<Way, { vantages: readonly WatchVantage[]; knowledge: Knowledge }>> = {
  resolvers: { vantages: THREE_RESOLVERS, knowledge: 'full' },
  direct: { vantages: [...THREE_RESOLVERS, DIRECT_VANTAGE], knowledge: 'full' },
  'no-names': { vantages: THREE_RESOLVERS, knowledge: 'no-names' },
  'no-database': { vantages: THREE_RESOLVERS, knowledge: 'none' },
}

export interface WatchOrder {
  readonly index: number
  readonly way: Way
  /** ms since the epoch. */
  readonly startAt: number
  /** Virtual seconds. */
  readonly forSeconds: number
}

export function recordWatch(member: Member, { index, way, startAt, forSeconds }: WatchOrder): WatchRecord {
  const path: Said[] = []
  const atProbes: (Said | null)[] = CHECKPOINTS.map(() => null)
  let last: WatchRound | null = null
  for (const round of watchMember(member, { ...HOW[way], startAt, forSeconds })) {
    last = round
    const said = saidAt(round, startAt)
    const before = path.at(-1)
    if (before?.verdict !== said.verdict || before.fluxType !== said.fluxType) path.push(said)
    for (const [place, probes] of CHECKPOINTS.entries()) if (said.probes <= probes) atProbes[place] = said
  }
  const { assessment, series } = last!
  const movedAt = nextMove(member.zone.nameServers, startAt, startAt + forSeconds * 1000)
  return {
    group: member.group,
    index,
    isEvasion: member.isEvasion,
    truth: member.truth,
    parameters: member.parameters,
    way,
    path,
    last: saidAt(last!, startAt),
    atProbes,
    ttlSeconds: ttlOf(series.host.views.map((view) => view.ttlMaxSeconds)),
    move: movedAt === null ? null : probesSince(movedAt, path, last!, startAt),
    panel: assessment!.panel.map(({ detector, value, flags }) => ({
      detector,
      flags: value === null ? null : flags,
    })),
  }
}

function saidAt({ at, rounds, asked, assessment }: WatchRound, startAt: number): Said {
  const { verdict, fluxType, score } = assessment!
  let questions = 0
  let probes = 0
  for (const [vantage, count] of asked) {
    questions += count
    if (vantage !== DIRECT_VANTAGE.id) probes = Math.max(probes, count)
  }
  return {
    verdict,
    fluxType,
    seconds: (at - startAt) / 1000,
    rounds,
    probes: probes === 0 ? rounds : probes,
    questions,
    score,
  }
}

function ttlOf(ttls: readonly number[]): number | null {
  return ttls.length === 0 ? null : Math.max(...ttls)
}
