// Networks of flagged names: the list, and one with its members and machines.
import { Type } from '@fastify/type-provider-typebox'
import { instant, Links, nullable, oneOf, pageSchema } from './described.ts'
import { Cursor, Limit } from './parameters.ts'

export const NetworkQuery = Type.Object(
  {
    active: Type.Optional(
      oneOf(
        ['true', 'false'] as const,
        '`true`: only networks that live · `false`: only those that have ended. Default: both.',
      ),
    ),
    cursor: Cursor,
    limit: Limit,
  },
  { additionalProperties: false },
)

export const NetworkPath = Type.Object({
  id: Type.String({ minLength: 1, maxLength: 128, description: 'The id of the network.' }),
})

const summaryProperties = {
  id: Type.String({ description: 'Stays through growth, mergers (the larger one keeps it) and splits.' }),
  domains: Type.Integer({
    description: 'Members now, those that are only listed with it (`stands_alone: false`) among them.',
  }),
  agents: Type.Integer({ description: 'Distinct addresses that serve them now.' }),
  agents_ever: Type.Integer({ description: 'Distinct addresses that ever did, as far as it is known.' }),
  version: Type.Integer({ description: 'Counts the changes that were told, from 1.' }),
  formed_at: instant('When its first members were found together.'),
  changed_at: instant('When it changed last.'),
  ended_at: nullable(
    instant('A time.'),
    'When its last two members parted, or another network took it in; null while it lives. It is shown for 30 days more.',
  ),
  merged_into: nullable(Type.String(), 'The network that took it in.'),
  split_from: nullable(Type.String(), 'The network that it came from.'),
}

export const NetworkSchema = Type.Object(
  { ...summaryProperties, links: Links },
  { $id: 'Network', description: 'Flagged names that share machines.' },
)

export const NetworkPage = pageSchema(
  'NetworkPage',
  'Network',
  'A page of networks, the latest to form first.',
)

export const NetworkMemberSchema = Type.Object(
  {
    domain: Type.String({ examples: ['www.bad.example'] }),
    joined_at: instant('Since when it is in the network.'),
    stands_alone: Type.Boolean({
      description:
        'Whether it is flagged, and its verdict stands without what it inherited from others. Only such names make a network. False: it is merely listed with it, for it shares its machines. It may be `pending` still: its verdict says so.',
    }),
    agents: Type.Array(Type.String(), {
      description: 'Its latest addresses, as they were when it was told.',
    }),
    links: Links,
  },
  { $id: 'NetworkMember', description: 'A name in a network.' },
)

const GrowthSchema = Type.Object({
  day: Type.String({ format: 'date', description: 'UTC.' }),
  new_agents: Type.Integer({ description: 'Addresses that no member had before.' }),
  new_domains: Type.Integer({ description: 'Members that came and stand alone.' }),
})

const AgentSchema = Type.Object({
  address: Type.String(),
  domains: Type.Integer({ description: 'Members that it serves, of those that were looked at.' }),
  last_seen: instant('When it last served one of them.'),
  asn: nullable(Type.Integer(), 'Null where it is not known.'),
  organisation: nullable(Type.String(), 'Who has that autonomous system.'),
  country: nullable(Type.String(), 'ISO 3166-1 alpha-2.'),
})

export const NetworkDetail = pageSchema(
  'NetworkDetail',
  'NetworkMember',
  'A network, and a page of its members in the order in which they joined.',
  {
    ...summaryProperties,
    growth: Type.Array(GrowthSchema, { description: 'The latest 90 days, oldest first.' }),
    looked_at: Type.Integer({
      description:
        'How many members were looked at: the first 2,000 at most. On those of them that stand alone rest `pool`, `asns` and `countries`.',
    }),
    pool: Type.Array(AgentSchema, {
      description: 'Machines, at most 500: those that serve most members first.',
    }),
    asns: Type.Array(
      Type.Object({ asn: nullable(Type.Integer(), 'Null: not known.'), agents: Type.Integer() }),
      { description: 'Machines by autonomous system, most first, at most 500.' },
    ),
    countries: Type.Array(
      Type.Object({ country: nullable(Type.String(), 'Null: not known.'), agents: Type.Integer() }),
      { description: 'Machines by country, most first.' },
    ),
    overlap: Type.Object(
      {
        domains: Type.Array(Type.String()),
        shares: Type.Array(Type.Array(Type.Number({ minimum: 0, maximum: 1 }))),
      },
      {
        description:
          'Of the first 50 members: the machines that each two have in common, by the smaller number of machines of the two.',
      },
    ),
  },
)
