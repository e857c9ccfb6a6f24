// The verdict in sentences, ready to be pasted into a ticket.
import { Type } from '@fastify/type-provider-typebox'
import { CHARACTERISTIC_IDS, OBSERVED } from '../../core/model/explanation.ts'
import { oneOf } from './described.ts'

const Characteristic = Type.Object({
  id: oneOf(CHARACTERISTIC_IDS, 'Which of the seven.'),
  title: Type.String({ examples: ['Very low TTLs'] }),
  observed: oneOf(OBSERVED, '`unknown`: DNS cannot show it, or has not yet.'),
  text: Type.String({ description: 'What was seen, with its numbers, and what it does not show.' }),
})

const AdvisoryPoint = Type.Object({
  heading: Type.String({ examples: ['(3) TTL values'] }),
  text: Type.String({ description: 'What was seen under it; says so where DNS cannot speak to it.' }),
})

export const ExplanationSchema = Type.Object(
  {
    summary: Type.String({
      description: 'The verdict, what it rests on, and the evidence that weighs most.',
    }),
    sentences: Type.Array(Type.String(), {
      description: 'Evidence and context, heaviest first; each with its direction and its weight in nats.',
      examples: [['For flux, 3.10 nats: Each later look brought 2.4 new addresses on average.']],
    }),
    characteristics: Type.Array(Characteristic, {
      description: 'The seven characteristics of a fast-flux network, each as far as it was seen.',
    }),
    advisory: Type.Array(AdvisoryPoint, {
      description: 'The detection headings of the joint advisory AA25-093A.',
    }),
    would_change: Type.Array(Type.String(), { description: 'What would change the verdict.' }),
    next_probe: Type.String({ description: 'When the next look is due.' }),
  },
  { $id: 'Explanation', description: 'Why the verdict is what it is, in sentences.' },
)
