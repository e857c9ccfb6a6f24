// Observations as short as a test wants to write them: who saw which records of a name, when.
import type { QuestionType, ResourceRecord } from '../../../src/core/dns/record.ts'
import {
  SENSOR_PREFIX,
  storedObservations,
  type StoredObservation,
} from '../../../src/core/model/observation.ts'

export const HOUR = 3_600_000
export const DAY = 24 * HOUR
/** Midnight (UTC). */
export const DAY_ONE = Date.UTC(2026, 0, 1)

export interface Sighting {
  /** The target is the host of this name, or the zone where `zone` says so. */
  readonly name: string
  readonly zone?: boolean
  readonly at: number
  /** @defaultValue `quad9` */
  readonly vantage?: string
  /** @defaultValue `A` */
  readonly qtype?: QuestionType
  /** `TYPE data`, of the name itself; `owner TYPE data` of another owner. */
  readonly answer?: readonly string[]
  readonly authority?: readonly string[]
  readonly additional?: readonly string[]
  readonly told?: { readonly firstSeen: number; readonly count: number }
  /** Set for observations that must not be taken for each other though all else is equal. @defaultValue 1, of sensors 0 */
  readonly round?: number
}

/** The stored observation of a sighting; one without an answer is `nodata`. */
export function sighted(sighting: Sighting): StoredObservation {
  const { name, zone = false, at, vantage = 'quad9', qtype = 'A', told } = sighting
  const records = (texts: readonly string[] = []) => texts.map((text) => recordOf(name, text))
  const answer = records(sighting.answer)
  const [row] = storedObservations({
    target: { kind: zone ? 'zone' : 'host', name },
    number: sighting.round ?? (vantage.startsWith(SENSOR_PREFIX) ? 0 : 1),
    startedAt: at - 20,
    observations: [
      {
        at,
        vantage,
        qname: name,
        qtype,
        outcome: answer.length > 0 ? 'answer' : 'nodata',
        rcode: 'NOERROR',
        rttMs: 12.5,
        answer,
        authority: records(sighting.authority),
        additional: records(sighting.additional),
      },
    ],
  })
  return { ...row!, ...(told && { told }) }
}

function recordOf(name: string, text: string): ResourceRecord {
  const parts = text.split(' ')
  const data = parts.pop()!
  const type = parts.pop()!
  return { name: parts[0] ?? name, type, ttlSeconds: 60, data }
}
