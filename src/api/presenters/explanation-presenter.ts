// From an explanation to its form on the wire.
import type { Explanation } from '../../core/model/explanation.ts'

export function presentExplanation(explanation: Explanation) {
  return {
    summary: explanation.summary,
    sentences: [...explanation.sentences],
    characteristics: explanation.characteristics.map(({ id, title, observed, text }) => ({
      id,
      title,
      observed,
      text,
    })),
    advisory: explanation.advisory.map(({ heading, text }) => ({ heading, text })),
    would_change: [...explanation.wouldChange],
    next_probe: explanation.nextProbe,
  }
}
