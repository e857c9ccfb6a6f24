// What one recorded response says about which target: an answer about the name itself, the name servers of its zone in
// the authority section, and their addresses as glue. A response is one look: it makes at most one round per target.
import type { QuestionType, ResourceRecord } from '../dns/record.ts'
import type { FailureKind, Outcome } from '../dns/reply.ts'
import type { Observation } from '../model/observation.ts'
import { isSubdomainOf, registrableDomain } from '../names/registrable-domain.ts'
import type { ReplayResponse } from './replay-line.ts'

/** Observations that a response brings, each for its target. */
export interface ResponseReading {
  /** About the watched name; null when the response is about something else. */
  readonly host: Observation | null
  readonly zone: Observation | null
  /** By name-server host. */
  readonly nameServers: ReadonlyMap<string, readonly Observation[]>
}

const RCODE_FAILURES: Readonly<Record<string, FailureKind>> = {
  TIMEOUT: 'timeout',
  SERVFAIL: 'servfail',
  REFUSED: 'refused',
  FORMERR: 'formerr',
  NOTIMP: 'notimp',
}

/** Whether an NS set of this owner is about the domain: it is at or above it, and not above its registrable domain. */
export function delegatesDomain(owner: string, domain: string): boolean {
  const registrable = registrableDomain(domain) ?? domain
  return isSubdomainOf(domain, owner) && isSubdomainOf(owner, registrable)
}

/** NS records about the domain, wherever the response carries them. */
export function nameServerRecords(response: ReplayResponse): readonly ResourceRecord[] {
  return [...response.answer, ...response.authority].filter(
    (record) => record.type === 'NS' && delegatesDomain(record.name, response.domain),
  )
}

/** `known`: the name servers of the domain, from all its responses: an address question for one of them is about it. */
export function readResponse(response: ReplayResponse, known: ReadonlySet<string>): ResponseReading {
  const delegation = nameServerRecords(response)
  const zone = delegation.length === 0 ? null : observe(response, 'NS', 'answer', delegation)
  const nameServers = new Map<string, Observation[]>()
  const note = (name: string, observation: Observation): void => {
    nameServers.set(name, [...(nameServers.get(name) ?? []), observation])
  }
  const glue = response.additional.filter((record) => known.has(record.name))
  for (const [name, records] of Map.groupBy(glue, (record) => record.name)) {
    for (const type of ['A', 'AAAA'] as const) {
      const set = records.filter((record) => record.type === type)
      if (set.length > 0) note(name, observe(response, type, 'answer', set))
    }
  }
  const type = response.qtype
  if (type !== 'A' && type !== 'AAAA') return { host: null, zone, nameServers }
  const observation = observeAnswer(response, type)
  if (response.qname === response.domain || !known.has(response.qname)) {
    return { host: observation, zone, nameServers }
  }
  // The address was asked for by name: that is the answer, glue for it adds nothing.
  nameServers.set(response.qname, [observation])
  return { host: null, zone, nameServers }
}

function observeAnswer(response: ReplayResponse, type: 'A' | 'AAAA'): Observation {
  if (response.rcode === 'NXDOMAIN') return observe(response, type, 'nxdomain', [])
  if (response.rcode !== 'NOERROR') return observe(response, type, 'failed', [])
  const found = response.answer.some((record) => record.type === type)
  return observe(response, type, found ? 'answer' : 'nodata', response.answer)
}

function observe(
  response: ReplayResponse,
  qtype: QuestionType,
  outcome: Outcome,
  answer: readonly ResourceRecord[],
): Observation {
  return {
    at: response.at,
    vantage: response.vantage,
    qname: response.qname,
    qtype,
    outcome,
    ...(outcome === 'failed' ? { failure: RCODE_FAILURES[response.rcode] ?? 'rcode_other' } : {}),
    rcode: response.rcode,
    rttMs: 0,
    answer,
    authority: [],
    additional: [],
  }
}
