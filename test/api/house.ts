// What the API tests share: an app on in-memory ports, and sample assessments and observations.
import { pino } from 'pino'
import { buildApp } from '../../src/api/app.ts'
import type { ApiConfig } from '../../src/api/api-config.ts'
import type { ApiInstance } from '../../src/api/api-instance.ts'
import type { StoredObservation } from '../../src/core/model/observation.ts'
import type { Assessment } from '../../src/core/model/assessment.ts'
import { InMemoryHouse, START_MS } from '../support/in-memory-ports.ts'

export interface House extends AsyncDisposable {
  readonly app: ApiInstance
  readonly house: InMemoryHouse
  /** What was logged, a JSON object a line. */
  readonly log: string[]
}

export async function openHouse(config: Partial<ApiConfig> = {}): Promise<House> {
  const house = new InMemoryHouse()
  const log: string[] = []
  const logger = pino({ level: 'warn' }, { write: (line: string) => void log.push(line) })
  const app = await buildApp({
    ports: house.ports,
    // A busy machine is no matter of these tests; overload has one of its own.
    config: { apiKeys: [], overload: { maxEventLoopDelayMs: 0 }, ...config },
    logger,
    version: '0.0.0-test',
  })
  return { app, house, log, [Symbol.asyncDispose]: () => app.close() }
}

export const OPTIONS = { tags: [], watchForSeconds: 3600, intervalSeconds: null } as const

export function assessmentOf(domain: string, change: Partial<Assessment> = {}): Assessment {
  return {
    domain,
    verdict: 'flux',
    fluxType: 'double',
    score: 0.998,
    asOf: START_MS + 840_000,
    rounds: 12,
    observedForSeconds: 840,
    evidence: [
      {
        id: 'a-growth',
        pointsTo: 'flux',
        about: 'addresses',
        weight: 3.1,
        value: 0.86,
        unit: 'new addresses per fresh answer',
        text: '0.86 new addresses per fresh answer.',
        source: 'Perdisci 2009',
      },
    ],
    context: [{ list: 'volunteer-pools', entry: 'pool.ntp.org', effect: -4 }],
    innocent: { addresses: { kind: 'cdn', share: 0.81234 }, nameServers: null },
    quietSince: null,
    features: [
      { id: 'a_addresses', value: 41, unit: 'addresses', support: 12 },
      { id: 'a_ttl', value: null, unit: 's', support: 0 },
    ],
    panel: [{ detector: 'holz-2008', value: 665.9, threshold: 142.38, flags: true }],
    notes: ['No ASN database is loaded.'],
    model: '2026.1',
    nextProbeAt: START_MS + 900_000,
    ...change,
  }
}

/** The `index`-th observation of a domain: one a minute. */
export function observationOf(
  domain: string,
  index: number,
  change: Partial<StoredObservation> = {},
): StoredObservation {
  return {
    id: `observation-${domain}-${index}`,
    target: `host:${domain}`,
    round: index + 1,
    at: START_MS + index * 60_000,
    vantage: 'quad9',
    qname: domain,
    qtype: 'A',
    outcome: 'answer',
    rcode: 'NOERROR',
    rttMs: 12.5,
    answer: [{ name: domain, type: 'A', ttlSeconds: 60, data: `192.0.2.${index % 256}` }],
    authority: [],
    additional: [],
    ...change,
  }
}

/** At that time (ms) the name is an alias. */
export function aliasOf(name: string, target: string, at: number): StoredObservation {
  return observationOf(name, 0, {
    id: `alias-${name}-${target}-${at}`,
    at,
    answer: [{ name, type: 'CNAME', ttlSeconds: 60, data: target }],
  })
}
