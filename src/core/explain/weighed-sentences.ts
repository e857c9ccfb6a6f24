// Every piece of evidence and every context match as one line: direction, weight, sentence.
import type { Assessment, ContextMatch, Evidence } from '../model/assessment.ts'
import { natsText } from './prose.ts'

const WHERE = {
  name: 'the name itself is',
  cname: 'its answers lead through a name that is',
  name_server: 'all its name servers are',
  owner: 'the owners of nearly all its addresses are',
} as const

/** Heaviest first, whichever way it points. */
export function weighedSentences({ evidence, context }: Assessment): readonly string[] {
  return [
    ...evidence.map((piece) => ({ weight: piece.weight, text: evidenceSentence(piece) })),
    ...context.map((match) => ({ weight: match.effect, text: contextSentence(match) })),
  ]
    .toSorted((a, b) => Math.abs(b.weight) - Math.abs(a.weight) || (a.text < b.text ? -1 : 1))
    .map(({ text }) => text)
}

function evidenceSentence({ weight, text }: Evidence): string {
  return `${weight > 0 ? 'For' : 'Against'} flux, ${natsText(weight)}: ${text}`
}

function contextSentence({ list, entry, effect, matched }: ContextMatch): string {
  const where = matched === undefined ? 'it is' : WHERE[matched]
  const listed = `${where} on the list ${list} (${entry})`
  return effect === 0
    ? `Known look-alike, nothing to lower: ${listed}.`
    : `Against flux, ${natsText(effect)}: ${listed}.`
}
