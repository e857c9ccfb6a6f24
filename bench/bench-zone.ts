// What the bench asks and what it must be told: 500 zones with 10,000 names, and the questions in their order. Pure, so
// that the authority, the clients and the C tools' input files are made from the same thing.
import type { Question } from '../src/core/dns/record.ts'

export const ZONES = 500
/** Names below each apex; with the apex 20 a zone, so 10,000 in all. */
const HOSTS_PER_ZONE = 19

/** A question whose right answer is exactly one record, with this data. */
export interface BenchQuestion extends Question {
  readonly expected: string
}

export function zoneName(zone: number): string {
  return `z${zone}.example`
}

function hostName(zone: number, host: number): string {
  return `h${host}.${zoneName(zone)}`
}

function ipv4Of(zone: number, host: number): string {
  return `10.${zone >> 8}.${zone & 255}.${host + 1}`
}

function ipv6Of(zone: number, host: number): string {
  return `2001:db8:${(zone + 1).toString(16)}::${(host + 1).toString(16)}`
}

/** Out of the zone, so that no answer carries additional records. */
function nameServerOf(zone: number): string {
  return `ns${zone}.hoster.test`
}

/** The zone as a master file (RFC 1035, section 5). */
export function zoneText(zone: number): string {
  const lines = [
    `$ORIGIN ${zoneName(zone)}.`,
    '$TTL 300',
    `@ SOA ${nameServerOf(zone)}. hostmaster.hoster.test. 1 3600 600 86400 300`,
    `@ NS ${nameServerOf(zone)}.`,
  ]
  for (let host = 0; host < HOSTS_PER_ZONE; host++)
    lines.push(`h${host} A ${ipv4Of(zone, host)}`, `h${host} AAAA ${ipv6Of(zone, host)}`)
  return `${lines.join('\n')}\n`
}

/**
 * A, AAAA and NS in turn. Neighbours are of different zones, and an equal question comes again after 1,500 others at
 * the earliest, so that a client that shares questions in flight has nothing to share up to that many.
 */
export function benchQuestions(): BenchQuestion[] {
  const questions: BenchQuestion[] = []
  for (let host = 0; host < HOSTS_PER_ZONE; host++)
    for (let zone = 0; zone < ZONES; zone++) {
      const other = (zone + 250) % ZONES
      questions.push({ name: hostName(zone, host), type: 'A', expected: ipv4Of(zone, host) })
      questions.push({ name: hostName(other, host), type: 'AAAA', expected: ipv6Of(other, host) })
      questions.push({ name: zoneName(zone), type: 'NS', expected: nameServerOf(zone) })
    }
  return questions
}

/** The data that the question's answer must have; null for a question that the bench does not ask. */
export function expectedAnswers(): Map<string, BenchQuestion> {
  return new Map(benchQuestions().map((question) => [`${question.name} ${question.type}`, question]))
}
