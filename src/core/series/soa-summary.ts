// What is kept of a zone's SOA record (RFC 1035, section 3.3.13), and when its serial counts as changed.
import type { ResourceRecord } from '../dns/record.ts'
import type { Observation } from '../model/observation.ts'

export interface SoaSummary {
  /** SERIAL of the latest fresh answer and how often it was another than before. */
  readonly serial: number
  readonly serialChanges: number
  /** RETRY of the latest fresh answer; seconds. */
  readonly retrySeconds: number
  /** MNAME of the latest fresh answer. */
  readonly primary: string
}

/** The SOA record of an answer to the question for it; a parent has none of the zone. */
export function soaRecords({ qtype, side, outcome, answer }: Observation): readonly ResourceRecord[] {
  if (qtype !== 'SOA' || side === 'parent' || outcome !== 'answer') return []
  return answer.filter((record) => record.type === 'SOA').slice(0, 1)
}

/** Null for data that has not the fields of a SOA. */
export function readSoa(data: string): SoaSummary | null {
  const [primary, , serial, , retry] = data.split(' ')
  if (primary === undefined || serial === undefined || retry === undefined) return null
  return { serial: Number(serial), serialChanges: 0, retrySeconds: Number(retry), primary }
}

/** The summary after the fresh answers of one look. Secondaries lag behind: of what they say at one moment the highest serial counts. */
export function followSoa(held: SoaSummary | null, fresh: readonly SoaSummary[]): SoaSummary | null {
  const latest = fresh.toSorted((a, b) => b.serial - a.serial)[0]
  if (latest === undefined) return held
  const moved = held !== null && held.serial !== latest.serial
  return { ...latest, serialChanges: (held?.serialChanges ?? 0) + (moved ? 1 : 0) }
}
