// The parent gives other addresses for the name servers: somebody re-registers hosts, again and again.
import { countOf } from './sign.ts'
import type { Sign } from './sign.ts'

export const glueChange: Sign = {
  id: 'glue-change',
  table: 'glue-change',
  about: 'name_servers',
  feature: 'glue_changes',
  unit: 'looks',
  edges: [1, 2, 4, 8],
  stage: { feature: 'glue_changes', of: 'support', edges: [3, 8, 25] },
  capNats: 4,
  source:
    'Konte et al., PAM 2009 (glue moved within minutes under a TTL of two days); SAC 025 (frequent changes at the registrar)',
  text: (features) =>
    `In ${countOf(features.count('glue_changes'), 'look', 'looks')} of ${features.support('glue_changes')} the parent gave a new address for a name server.`,
}
