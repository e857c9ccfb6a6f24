// A verdict as lines for a terminal or a ticket: the explanation, and what limits it.
import { explain } from '../core/explain/explain.ts'
import type { Assessment } from '../core/model/assessment.ts'
import type { Observed } from '../core/model/explanation.ts'

const MARK: Readonly<Record<Observed, string>> = { yes: 'seen', no: 'not seen', unknown: 'unknown' }

/** Without the advisory's headings: those are in the JSON form. `watching`: whether further looks follow. */
export function verdictLines(assessment: Assessment, watching: boolean): string[] {
  const { summary, sentences, characteristics, wouldChange, nextProbe } = explain(assessment, watching)
  const { score, verdict, fluxType, domain } = assessment
  return [
    `${domain}: ${verdict}${fluxType ? ` (${fluxType})` : ''}, score ${score.toFixed(4)}`,
    `  ${summary}`,
    ...section('Evidence, heaviest first', sentences),
    ...section(
      'Characteristics of a fast-flux network',
      characteristics.map(({ title, observed, text }) => `${title}: ${MARK[observed]}. ${text}`),
    ),
    ...section('Limits', assessment.notes),
    ...section('What would change it', wouldChange),
    `  ${nextProbe}`,
  ]
}

function section(title: string, sentences: readonly string[]): string[] {
  return sentences.length === 0 ? [] : [`  ${title}:`, ...sentences.map((sentence) => `    ${sentence}`)]
}
