// What the `direct` vantage brings, written as scripts: one observation for each authority that it asks.
import type { FailureKind } from '../../../src/core/dns/reply.ts'
import type { ResourceRecord } from '../../../src/core/dns/record.ts'
import type { Observation, ProbeRound } from '../../../src/core/model/observation.ts'
import { foldZoneRound, newZoneSeries } from '../../../src/core/series/zone-series.ts'
import type { ZoneSeries } from '../../../src/core/series/zone-series.ts'
import { observe, START } from './scripted-rounds.ts'
import type { Look } from './scripted-rounds.ts'

export const ZONE = 'evil.example'
export const TWO_DAYS = 172_800

export interface Side {
  /** Names of name servers, each with its addresses; without any there are no additional records for it. */
  readonly names: Readonly<Record<string, readonly string[]>>
  readonly ttl?: number
  readonly glueTtl?: number
}

const base = (at: number, server: string) => ({
  at: START + at * 1000,
  vantage: 'direct',
  qname: ZONE,
  qtype: 'NS' as const,
  outcome: 'answer' as const,
  rcode: 'NOERROR',
  rttMs: 10,
  answer: [],
  authority: [],
  additional: [],
  server: { name: server, address: `198.51.100.${server.length}` },
})

const nsRecords = ({ names, ttl = 300 }: Side): ResourceRecord[] =>
  Object.keys(names).map((data) => ({ name: ZONE, type: 'NS', ttlSeconds: ttl, data }))

const addressRecords = ({ names, glueTtl = TWO_DAYS }: Side): ResourceRecord[] =>
  Object.entries(names).flatMap(([name, addresses]) =>
    addresses.map((data) => ({
      name,
      type: data.includes(':') ? 'AAAA' : 'A',
      ttlSeconds: glueTtl,
      data,
    })),
  )

/** A referral: NS set in the authority section, glue beside it, no AA bit. */
export function referral(at: number, side: Side, server = 'a.gtld.example'): Observation {
  return {
    ...base(at, server),
    authoritative: false,
    side: 'parent',
    authority: nsRecords(side),
    additional: addressRecords(side),
  }
}

/** The zone's own NS set, from one of its authorities. */
export function ownAnswer(at: number, side: Side, server = 'ns1.evil.example'): Observation {
  return {
    ...base(at, server),
    authoritative: true,
    side: 'child',
    answer: nsRecords(side),
    additional: addressRecords(side),
  }
}

export function failedServer(at: number, failure: FailureKind, server: string): Observation {
  return { ...base(at, server), outcome: 'failed', failure, rcode: 'REFUSED', side: 'child' }
}

/** An address answer of one authority. */
export function authorityAnswer(name: string, look: Look, server: string): Observation {
  return {
    ...observe(name, { vantage: 'direct', ...look }),
    authoritative: true,
    side: 'child',
    server: { name: server, address: `198.51.100.${server.length}` },
  }
}

export function hostRoundOf(
  name: string,
  number: number,
  at: number,
  observations: readonly Observation[],
): ProbeRound {
  return { target: { kind: 'host', name }, number, startedAt: START + at * 1000, observations }
}

/** A zone through rounds of observations; each round starts with its first observation. */
export function watchDelegation(
  rounds: readonly (readonly Observation[])[],
  series: ZoneSeries = newZoneSeries(ZONE),
): ZoneSeries {
  return rounds.reduce(
    (held, observations) =>
      foldZoneRound(held, {
        target: { kind: 'zone', name: ZONE },
        number: held.rounds + 1,
        startedAt: observations[0]!.at,
        observations,
      }),
    series,
  )
}
