// What history answers from records: each with when it was seen and by whom; what changed; an address's life; days in numbers.
import { Type } from '@fastify/type-provider-typebox'
import { COUNTED_TYPES } from '../../core/history/seen-records.ts'
import { instant, nullable, oneOf, pageSchema } from './described.ts'

const recordProperties = {
  name: Type.String({
    description: 'Owner, lower case, without the trailing dot.',
    examples: ['www.bad.example'],
  }),
  type: oneOf(COUNTED_TYPES, 'The type of the record.'),
  data: Type.String({ description: 'Presentation form; addresses canonical.', examples: ['192.0.2.7'] }),
  first_seen: instant('The earliest of all vantages and sensors. Outlives the observations themselves.'),
  last_seen: instant('The latest of all vantages and sensors.'),
  count: Type.Integer({ description: 'Observations of our own vantages that held it.' }),
  sensor_count: Type.Integer({ description: 'How often sensors had it, at least; counted apart.' }),
  vantages: Type.Array(Type.String(), {
    description: 'Who had it: our vantages, and `sensor:<name>` for sensors. Sorted.',
    examples: [['quad9', 'sensor:office']],
  }),
}

export const SeenRecordSchema = Type.Object(recordProperties, {
  $id: 'SeenRecord',
  description:
    'One record (name, type, data) over everything that was seen of it, as passive DNS has it. A set that rotates has one for each of its records.',
})

export const SeenRecordPage = pageSchema(
  'SeenRecordPage',
  'SeenRecord',
  'A page of the records of a name, in order of type and data.',
)

export const RecordChangeSchema = Type.Object(
  {
    ...recordProperties,
    appeared: Type.Boolean({ description: 'It was seen for the first time in between.' }),
    gone: Type.Boolean({
      description: 'It was seen for the last time in between, and the name was answered without it since.',
    }),
  },
  { $id: 'RecordChange', description: 'A record that came or went; both can be true of one.' },
)

export const RecordChangePage = pageSchema(
  'RecordChangePage',
  'RecordChange',
  'A page of what changed, in order of type and data.',
  {
    from: instant('Where the window begins.'),
    to: instant('Where it ends; not in it any more.'),
  },
)

export const NewAddressesSchema = Type.Object(
  {
    hour: instant('Start of the hour (UTC).'),
    addresses: Type.Integer({ description: 'Distinct addresses that were not there before that hour.' }),
  },
  { $id: 'NewAddresses', description: 'An hour in which there were new addresses.' },
)

export const NewAddressesPage = pageSchema(
  'NewAddressesPage',
  'NewAddresses',
  'A page of hours, oldest first. Hours without a new address are left out.',
  {
    names: Type.Array(Type.String(), {
      description: 'Whose addresses are counted together: the name and what it is an alias of.',
      examples: [['www.bad.example', 'pool.bad.example']],
    }),
  },
)

export const NetworkNewAddressesPage = pageSchema(
  'NetworkNewAddressesPage',
  'NewAddresses',
  'A page of hours, oldest first. Hours without a new address are left out.',
  {
    looked_at: Type.Integer({
      description: 'How many members were counted together: those of the first 2,000 that stand alone.',
    }),
  },
)

const SpecialPurpose = Type.Object({
  prefix: Type.String({ examples: ['192.0.2.0/24'] }),
  name: Type.String({ examples: ['Documentation (TEST-NET-1)'] }),
  source: Type.String({ examples: ['RFC 5737'] }),
  globally_reachable: Type.Boolean({ description: 'The registry’s column.' }),
})

export const AddressPage = pageSchema(
  'AddressPage',
  'SeenRecord',
  'An address through everything that it served, and a page of the records that lead to it. Of an address that was never seen: nulls, zeros and empty lists.',
  {
    address: Type.String({ description: 'Canonical text.', examples: ['192.0.2.7'] }),
    special_purpose: nullable(
      SpecialPurpose,
      'The block of the IANA special-purpose registries that it is in; null for ordinary public addresses.',
    ),
    asn: nullable(
      Type.Integer(),
      'As it was when the address was first placed; null while unknown. So are the next two.',
    ),
    organisation: nullable(Type.String(), 'Who runs the autonomous system.'),
    country: nullable(Type.String(), 'ISO 3166-1 alpha-2.'),
    first_seen: nullable(instant('A time.'), 'Null when it was never seen.'),
    last_seen: nullable(instant('A time.'), 'Null when it was never seen.'),
    names: Type.Integer({ description: 'Names that had it in an A or AAAA record.' }),
    intervals: Type.Array(Type.Object({ from: instant('Inclusive.'), to: instant('Exclusive.') }), {
      description:
        'Whole hours (UTC), in each of which it was seen; oldest first. Of the days that observations are kept for.',
    }),
    idle_s: Type.Number({
      description: 'Time between the first and the last interval in which it was not seen, in seconds.',
    }),
  },
)

const PIVOT_PAGE =
  'A page of the records there, those of one address together, in an order that does not change. It may hold fewer than `limit`, even none, though there is a next one.'

export const PrefixPage = pageSchema('PrefixPage', 'SeenRecord', PIVOT_PAGE, {
  prefix: Type.String({ description: 'Canonical.', examples: ['192.0.2.0/24'] }),
})

export const AsnPage = pageSchema('AsnPage', 'SeenRecord', PIVOT_PAGE, {
  asn: Type.Integer({ examples: [64_500] }),
})

export const CountryPage = pageSchema('CountryPage', 'SeenRecord', PIVOT_PAGE, {
  country: Type.String({ examples: ['DE'] }),
})

export const NameServerPage = pageSchema('NameServerPage', 'SeenRecord', PIVOT_PAGE, {
  host: Type.String({ examples: ['ns1.bad.example'] }),
})

export const DayStatisticsSchema = Type.Object(
  {
    day: Type.String({ format: 'date', description: 'UTC.', examples: ['2026-11-22'] }),
    answer: Type.Integer({ description: 'Observations of our own vantages with this outcome.' }),
    nodata: Type.Integer({ description: 'The same: no record of the type.' }),
    nxdomain: Type.Integer({ description: 'The same: no such name.' }),
    failed: Type.Integer({ description: 'The same: no answer, or none of use.' }),
    sensor_observations: Type.Integer({ description: 'What sensors brought, counted apart.' }),
    new_records: Type.Integer({ description: 'Records that were seen for the first time on that day.' }),
    new_names: Type.Integer({ description: 'Owners that were seen for the first time.' }),
    new_addresses: Type.Integer({ description: 'Addresses (A, AAAA) that were seen for the first time.' }),
  },
  { $id: 'DayStatistics', description: 'What came into history on one day.' },
)

export const DayStatisticsPage = pageSchema(
  'DayStatisticsPage',
  'DayStatistics',
  'A page of days, oldest first. Days without observations are left out.',
)
