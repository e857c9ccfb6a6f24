// The verdict on a domain with everything that explains it.
import { Type } from '@fastify/type-provider-typebox'
import { MATCHED_BY } from '../../core/detect/context/context-list.ts'
import { BENIGN_ADDRESS_CLASSES } from '../../core/detect/model/classes.ts'
import { VERDICT_NAMES } from '../../core/model/assessment.ts'
import { instant, Links, nullable, oneOf } from './described.ts'

const EvidenceSchema = Type.Object({
  id: Type.String({ examples: ['a-growth'] }),
  points_to: oneOf(['flux', 'no_flux'] as const, 'Which way it speaks.'),
  weight: Type.Number({
    description: 'Log-likelihood ratio in nats; positive points to flux.',
    examples: [3.1],
  }),
  value: Type.Number({ description: 'What was measured.', examples: [0.86] }),
  unit: Type.String({ description: 'The unit of `value`.', examples: ['new addresses per fresh answer'] }),
  text: Type.String({ description: 'The evidence as a sentence.' }),
  source: Type.String({ description: 'Where the idea comes from.', examples: ['Perdisci 2009'] }),
  about: oneOf(['addresses', 'name_servers'] as const, 'What it speaks about.'),
  rests_on: Type.Optional(
    Type.Array(Type.String(), {
      description:
        'The sensors whose imported data it rests on. Absent: it rests on the service’s own vantages alone.',
      examples: [['sensor:corp-dns']],
    }),
  ),
})

const BenignKind = Type.Object({
  kind: Type.String({ examples: ['cdn'] }),
  share: Type.Number({
    minimum: 0,
    maximum: 1,
    description: 'Its share of the probability of all benign kinds.',
  }),
})

export const VerdictSchema = Type.Object(
  {
    domain: Type.String({ examples: ['bad.example'] }),
    verdict: oneOf(
      VERDICT_NAMES,
      '`pending`: not seen enough yet · `no_flux_seen`: looked enough and saw none, which does not mean benign · `suspicious` · `flux` · `unresolvable`: the name does not exist or nothing answers.',
    ),
    flux_type: nullable(
      oneOf(['single', 'ns', 'double'] as const, 'What fluxes.'),
      '`single`: the addresses · `ns`: the name servers or their addresses · `double`: both. Null without flux.',
    ),
    score: nullable(
      Type.Number({ minimum: 0, maximum: 1 }),
      'Posterior probability of flux, 0…1. Null before the first probe round.',
    ),
    as_of: nullable(
      instant('A time.'),
      'The newest observation that counted. Null before the first probe round.',
    ),
    first_flagged_at: nullable(instant('A time.'), 'When the verdict was `flux` for the first time.'),
    rounds: Type.Integer({ description: 'Probe rounds so far.' }),
    observed_for_s: Type.Number({
      description: 'Time between the first and the newest observation, in seconds.',
    }),
    evidence: Type.Array(EvidenceSchema, {
      description:
        'Heaviest first. Of `no_flux_seen` that stands unchanged it is made when it is read, from the series as they are then.',
    }),
    context: Type.Array(
      Type.Object({
        list: Type.String({ examples: ['volunteer-pools'] }),
        entry: Type.String({ examples: ['pool.ntp.org'] }),
        effect: Type.Number({ description: 'Nats added to the decision.', examples: [-4] }),
        matched: Type.Optional(
          oneOf(
            MATCHED_BY,
            'What matched: the name itself, a CNAME target of it, all its name servers, or the owners of nearly all its addresses.',
          ),
        ),
        explains: Type.Optional(oneOf(BENIGN_ADDRESS_CLASSES, 'The kind of benign name that it speaks for.')),
      }),
      { description: 'Known lists that the domain or its addresses are on.' },
    ),
    features: Type.Record(Type.String(), Type.Union([Type.Number(), Type.Null()]), {
      description: 'Everything measured: id → value; null where it is not defined on what was seen.',
      examples: [{ a_addresses: 41, a_asns: 33 }],
    }),
    panel: Type.Array(
      Type.Object({
        detector: Type.String({ examples: ['holz-2008'] }),
        value: nullable(Type.Number(), 'Null when the detector is not defined on what was seen.'),
        threshold: Type.Number({ examples: [142.38] }),
        flags: Type.Boolean(),
        text: Type.Optional(Type.String({ description: 'Why, in a sentence.' })),
      }),
      { description: 'Second opinions of published detectors; they never decide.' },
    ),
    network: nullable(
      Type.Object({ id: Type.String(), domains: Type.Integer(), agents: Type.Integer() }),
      'The network of flagged names that share machines, where the name is in one. A `pending` or `suspicious` name whose score is that of a flagged one is listed with the network that it fits. Null: none is known.',
    ),
    model: nullable(Type.String({ examples: ['2026.1'] }), 'Version of weights and thresholds.'),
    links: Links,
    notes: Type.Array(Type.String(), { description: 'Why the verdict is not further, in sentences.' }),
    tags: Type.Array(Type.String()),
    added_at: instant('When the domain was submitted for the first time.'),
    watching: Type.Boolean({ description: 'Whether it is still probed.' }),
    watch_until: instant('When the watch ends.'),
    next_probe_at: nullable(
      instant('A time.'),
      'When it is probed next, as planned by the latest assessment; of a verdict at rest, as scheduled now. It may be probed earlier. Null when it is not watched.',
    ),
    resembles: Type.Object(
      {
        addresses: nullable(BenignKind, 'The addresses. Null where nothing was read of them.'),
        name_servers: nullable(BenignKind, 'The name servers. Null where nothing was read of them.'),
      },
      {
        description: 'What the name is most likely if it does not flux. Says nothing about whether it does.',
      },
    ),
    quiet_since: nullable(
      instant('A time.'),
      'When what has stopped moving moved last; null while nothing has stopped for long enough to count.',
    ),
    explanation: nullable(
      Type.Ref('Explanation'),
      'Only where one verdict is asked for: null in pages, and before the first probe round.',
    ),
  },
  { $id: 'Verdict', description: 'What fluxwatch thinks of a domain, and why.' },
)

export const VerdictPage = Type.Object(
  {
    items: Type.Array(Type.Ref('Verdict')),
    next: nullable(Type.String(), 'The cursor of the next page; null on the last.'),
    links: Links,
  },
  { $id: 'VerdictPage', description: 'A page of verdicts in order of submission.' },
)
