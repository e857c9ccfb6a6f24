// What the impaired server's zone says: the right outcome of each question, known to the server and to the test.
import type { Question } from '../../src/core/dns/record.ts'
import { createDice } from '../../src/lab/random.ts'

export const ZONE = 'impaired.example'

const KINDS = ['A', 'AAAA', 'alias', 'nodata', 'nxdomain'] as const
export type Kind = (typeof KINDS)[number]

const dice = createDice('impaired')

export function kindOf(number: number): Kind {
  return KINDS[number % KINDS.length]!
}

/** One name in ten has an answer that never fits into a datagram. */
export function truncates(number: number): boolean {
  return dice.ratio('truncates', number) < 0.1
}

export function questionOf(number: number): Question {
  return { name: `q${number}.${ZONE}`, type: kindOf(number) === 'AAAA' ? 'AAAA' : 'A' }
}

export function numberOf(name: string): number {
  return Number(/^q(\d+)\./i.exec(name)?.[1] ?? Number.NaN)
}

export function ipv4Of(number: number): string {
  return `10.${number >> 16}.${(number >> 8) & 255}.${number & 255}`
}

export function ipv6Of(number: number): string {
  return `2001:db8::${(number + 1).toString(16)}`
}

export function aliasOf(number: number): string {
  return `target${number}.${ZONE}`
}

/** Outcome and data, in one line. */
export function rightOutcome(number: number): string {
  switch (kindOf(number)) {
    case 'A':
      return `answer ${ipv4Of(number)}`
    case 'AAAA':
      return `answer ${ipv6Of(number)}`
    case 'alias':
      return `answer ${aliasOf(number)} ${ipv4Of(number)}`
    case 'nodata':
      return 'nodata'
    case 'nxdomain':
      return 'nxdomain'
  }
}
