// A verdict as lines for a terminal or a ticket.
import type { Assessment } from '../core/model/assessment.ts'

/** The verdict, then every piece of evidence in order of weight, context, and what is lacking. */
export function verdictLines(assessment: Assessment): string[] {
  const { domain, verdict, fluxType, score, rounds, observedForSeconds, evidence, context, notes } =
    assessment
  return [
    `${domain}: ${verdict}${fluxType ? ` (${fluxType})` : ''}, score ${score.toFixed(4)}, ${rounds} rounds in ${observedForSeconds} s`,
    ...evidence.map(({ weight, text }) => `  ${signed(weight)}  ${text}`),
    ...context.map(({ list, entry, effect }) => `  ${signed(effect)}  listed in ${list} as ${entry}`),
    ...notes.map((sentence) => `         ${sentence}`),
  ]
}

function signed(nats: number): string {
  return `${nats < 0 ? '−' : '+'}${Math.abs(nats).toFixed(2)}`.padStart(6)
}
