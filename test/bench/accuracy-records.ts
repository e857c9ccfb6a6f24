// Records of watches, written by hand for the tests of the accuracy bench's metrics.
import { CHECKPOINTS } from '../../bench/accuracy/watch-record.ts'
import type { Said, WatchRecord } from '../../bench/accuracy/watch-record.ts'
import type { FluxType } from '../../src/core/model/assessment.ts'

/** Each probe takes a minute, and is three questions. */
export function said(verdict: Said['verdict'], probes: number, more: Partial<Said> = {}): Said {
  return {
    verdict,
    fluxType: null,
    seconds: probes * 60,
    rounds: probes,
    probes,
    questions: probes * 3,
    score: verdict === 'flux' ? 0.99 : 0.01,
    ...more,
  }
}

export const flux = (fluxType: FluxType, probes: number, score = 0.99): Said =>
  said('flux', probes, { fluxType, score })

/** A member of the truth given, whose watch went along the path and said the last of it at the end too. */
export function recordOf(
  fluxType: FluxType | null,
  path: readonly Said[],
  more: Partial<WatchRecord> = {},
): WatchRecord {
  return {
    group: fluxType === null ? 'static' : `${fluxType}-flux`,
    index: 0,
    isEvasion: false,
    truth: { fluxType, addresses: 'static', nameServers: 'hosted' },
    parameters: {},
    way: 'resolvers',
    path,
    last: path.at(-1)!,
    atProbes: CHECKPOINTS.map((checkpoint) => path.findLast(({ probes }) => probes <= checkpoint) ?? null),
    ttlSeconds: 60,
    move: null,
    panel: [],
    ...more,
  }
}
