// What the service says about itself.
import { Type } from '@fastify/type-provider-typebox'
import { Links, oneOf } from './described.ts'

export const LivenessSchema = Type.Object(
  { status: Type.Literal('ok') },
  { $id: 'Liveness', description: 'This process serves requests.' },
)

export const ReadinessSchema = Type.Object(
  {
    status: oneOf(
      ['ready', 'degraded', 'unready'] as const,
      '`degraded`: it works, with something missing that `checks` names · `unready`: do not send work here.',
    ),
    checks: Type.Array(
      Type.Object({
        name: Type.String({ examples: ['redis'] }),
        ok: Type.Boolean(),
        required: Type.Boolean({ description: 'Whether the service is unready without it.' }),
        detail: Type.String({ description: 'A sentence, with the remedy.' }),
      }),
    ),
  },
  { $id: 'Readiness', description: 'Whether this process can take work.' },
)

export const IndexSchema = Type.Object(
  { name: Type.String(), version: Type.String(), links: Links },
  { $id: 'Index', description: 'Where everything is.' },
)
