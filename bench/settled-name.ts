// A name at rest, as most of a million are: three vantages, one A and one AAAA address, 60 rounds; its zone has two name servers.
// Clocks and answers waver by some ms, as they do outside of a bench.
import type { Observation, ProbeRound } from '../src/core/model/observation.ts'
import { foldHostRound, newHostSeries } from '../src/core/series/host-series.ts'
import type { HostSeries } from '../src/core/series/host-series.ts'
import { stableHash } from '../src/core/series/stable-hash.ts'
import { foldZoneRound, newZoneSeries } from '../src/core/series/zone-series.ts'
import type { ZoneSeries } from '../src/core/series/zone-series.ts'

export const ROUNDS = 60
const NAME = 'www.settled.example'
const ZONE = 'settled.example'
const VANTAGES = ['cloudflare', 'google', 'quad9']
const START = Date.UTC(2026, 0, 1)
const HOST_STEP_MS = 301_000
const ZONE_STEP_MS = 3_600_000

interface Question {
  readonly type: 'A' | 'AAAA' | 'NS' | 'SOA'
  readonly ttlSeconds: number
  readonly data: readonly string[]
}

const A: Question = { type: 'A', ttlSeconds: 300, data: ['203.0.113.17'] }
const AAAA: Question = { type: 'AAAA', ttlSeconds: 300, data: ['2001:db8:20:7::5d'] }
const NO_AAAA: Question = { ...AAAA, data: [] }
const NS: Question = {
  type: 'NS',
  ttlSeconds: 86_400,
  data: ['ns1.hoster-of-many.example', 'ns2.hoster-of-many.example'],
}
const SOA: Question = {
  type: 'SOA',
  ttlSeconds: 3600,
  data: ['ns1.hoster-of-many.example hostmaster.settled.example 2026010101 7200 900 1209600 300'],
}

/** `hasAaaa`: else the name has no address of that family. */
export function hostRound(number: number, hasAaaa: boolean): ProbeRound {
  return roundOf('host', NAME, number, HOST_STEP_MS, [A, hasAaaa ? AAAA : NO_AAAA])
}

export function settledHost(hasAaaa: boolean, rounds = ROUNDS): HostSeries {
  let series = newHostSeries(NAME)
  for (let number = 1; number <= rounds; number += 1)
    series = foldHostRound(series, hostRound(number, hasAaaa))
  return series
}

export function settledZone(): ZoneSeries {
  let series = newZoneSeries(ZONE)
  for (let number = 1; number <= ROUNDS; number += 1)
    series = foldZoneRound(series, roundOf('zone', ZONE, number, ZONE_STEP_MS, [NS, SOA]))
  return series
}

function roundOf(
  kind: 'host' | 'zone',
  name: string,
  number: number,
  stepMs: number,
  questions: readonly Question[],
): ProbeRound {
  const startedAt = START + number * stepMs + waver(`${number}`, 900)
  const observations = VANTAGES.flatMap((vantage) =>
    questions.map((question) => observe(name, vantage, question, startedAt, number)),
  )
  return { target: { kind, name }, number, startedAt, observations }
}

function observe(
  name: string,
  vantage: string,
  { type, ttlSeconds, data }: Question,
  startedAt: number,
  round: number,
): Observation {
  const rttMs = 15 + waver(`${vantage} ${type} ${round}`, 60)
  return {
    at: startedAt + rttMs,
    vantage,
    qname: name,
    qtype: type,
    outcome: data.length > 0 ? 'answer' : 'nodata',
    rcode: 'NOERROR',
    rttMs,
    // A cache counts the long TTLs down from round to round.
    answer: data.map((one) => ({ name, type, ttlSeconds: remainingTtl(ttlSeconds, startedAt), data: one })),
    authority: [],
    additional: [],
  }
}

function remainingTtl(ttlSeconds: number, at: number): number {
  if (ttlSeconds * 1000 <= HOST_STEP_MS) return ttlSeconds
  return ttlSeconds - (Math.floor((at - START) / 1000) % ttlSeconds)
}

/** Whole ms from 0 to under `most`, by the text. */
function waver(text: string, most: number): number {
  return stableHash(text) % most
}
