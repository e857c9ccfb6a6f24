// Asks the zones of drawn members, for the tests of the population.
import type { QuestionType } from '../../../src/core/dns/record.ts'
import { drawMember, MEMBER_GROUPS } from '../../../src/lab/population/catalogue.ts'
import type { Member, Split } from '../../../src/lab/population/member.ts'
import type { LabRegion } from '../../../src/lab/regions.ts'

export const START = Date.UTC(2026, 0, 5)
export const MINUTE = 60_000
export const HOUR = 60 * MINUTE

export function membersOf(group: string, count: number, split: Split = 'report'): Member[] {
  const found = MEMBER_GROUPS.find((one) => one.group === group)
  if (found === undefined) throw new Error(`No group ${group}`)
  return Array.from({ length: count }, (_, index) => drawMember(found, split, index, START))
}

/** The data of what the member's zone answers, in order. */
export function ask(
  { host, zone }: Member,
  at: number,
  region: LabRegion = 'eu',
  type: QuestionType = 'A',
): string[] {
  return zone.answer({ name: host, type }, { at, region }).answer.map((record) => record.data)
}

/** What was shown at every step of a stretch of time. */
export function askOver(
  member: Member,
  lengthMs: number,
  stepMs: number,
  type: QuestionType = 'A',
): string[][] {
  return Array.from({ length: Math.floor(lengthMs / stepMs) + 1 }, (_, step) =>
    ask(member, START + step * stepMs, 'eu', type),
  )
}

export function distinct(answers: readonly (readonly string[])[]): Set<string> {
  return new Set(answers.flat())
}
