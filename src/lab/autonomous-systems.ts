// The map of the simulated Internet: who owns which prefix, and where. The map is the same for every seed; ASNs are
// private (RFC 6996), organisations are fictional, and the prefixes are ordinary unicast space so that nothing in the
// product can tell them from the real thing.
import { regionOfCountry } from './regions.ts'
import type { LabRegion } from './regions.ts'

export type NetworkKind = 'consumer' | 'hosting' | 'cdn' | 'cloud' | 'volunteer' | 'registry'

/** A prefix in CIDR notation with what a geography and an ASN database know of it. */
export interface LabNetwork {
  readonly prefix: string
  readonly family: 4 | 6
  readonly asn: number
  readonly organisation: string
  readonly country: string
  readonly region: LabRegion
  readonly kind: NetworkKind
}

export interface AutonomousSystem {
  readonly asn: number
  readonly organisation: string
  readonly kind: NetworkKind
  readonly networks: readonly LabNetwork[]
}

const FIRST_PRIVATE_ASN = 4_200_000_000

/** One consumer ISP each, largest first: the rank decides how many agents it has. 31 countries. */
const CONSUMER_COUNTRIES =
  'US BR UA DE RO KR IN US PL VN TH IT MX TR UA FR JP ES GB CO EG BG RO ID AR CA HU UA PH CZ IN SE CL US ZA RO KR UA PE MY'.split(
    ' ',
  )
const HOSTING_COUNTRIES = 'DE NL US FR GB SG JP PL US CA FI UA'.split(' ')
const CDN_POP_COUNTRIES = 'DE GB FR NL US US CA BR JP SG KR IN'.split(' ')
const CLOUD_COUNTRIES = 'US DE SG'.split(' ')
const VOLUNTEER_COUNTRIES =
  'DE US FR GB NL SE CZ CH AT FI NO DK PL IT ES PT BE IE GR HU US US CA CA BR AR CL MX US US JP JP KR SG IN TH ID MY PH VN'.split(
    ' ',
  )

export const AUTONOMOUS_SYSTEMS: readonly AutonomousSystem[] = [
  ...CONSUMER_COUNTRIES.map((country, rank) =>
    system('consumer', `Lab Consumer ISP ${two(rank + 1)}`, rank + 1, [
      // Several /16s each, scattered over the unicast space 24.0.0.0 … 95.255.255.255 as real ISPs' blocks are.
      ...Array.from({ length: rank < 10 ? 4 : 3 }, (_, block) => v4(consumerBlock(rank, block), country)),
      ...(rank < 8 ? [v6(rank, country)] : []),
    ]),
  ),
  ...HOSTING_COUNTRIES.map((country, index) =>
    system('hosting', `Lab Hosting ${two(index + 1)}`, 100 + index, [
      v4(`${130 + index}.${(index * 53 + 7) % 256}.64.0/18`, country),
      v6(0x100 + index, country),
    ]),
  ),
  ...[1, 2].map((number) =>
    system('cdn', `Lab CDN ${two(number)}`, 200 + number, [
      ...CDN_POP_COUNTRIES.map((country, pop) => v4(`${150 + number}.${101 + pop}.${pop * 4}.0/22`, country)),
      v6(0x200 + number, 'US'),
    ]),
  ),
  ...[1, 2, 3].map((number) =>
    system('cloud', `Lab Cloud ${two(number)}`, 300 + number, [
      ...CLOUD_COUNTRIES.map((country, zone) => v4(`${160 + number}.${20 + zone * 64}.0.0/17`, country)),
      v6(0x300 + number, 'US'),
    ]),
  ),
  ...VOLUNTEER_COUNTRIES.map((country, index) =>
    system(
      'volunteer',
      index % 2 === 0
        ? `Lab University ${two(index / 2 + 1)}`
        : `Lab Volunteer Network ${two((index + 1) / 2)}`,
      400 + index,
      [
        v4(`${101 + (index % 19)}.${(index * 29 + 130) % 256}.16.0/20`, country),
        ...(index < 12 ? [v6(0x400 + index, country)] : []),
      ],
    ),
  ),
  system('registry', 'Lab Registry', 900, [v4('174.16.0.0/16', 'CH')]),
]

interface Block {
  readonly prefix: string
  readonly family: 4 | 6
  readonly country: string
}

function system(
  kind: NetworkKind,
  organisation: string,
  number: number,
  blocks: readonly Block[],
): AutonomousSystem {
  const asn = FIRST_PRIVATE_ASN + number
  return {
    asn,
    organisation,
    kind,
    networks: blocks.map((block) => ({
      ...block,
      asn,
      organisation,
      region: regionOfCountry(block.country),
      kind,
    })),
  }
}

function consumerBlock(rank: number, block: number): string {
  const number = rank + block * CONSUMER_COUNTRIES.length
  return `${24 + ((number * 17) % 72)}.${(number * 37 + 11) % 256}.0.0/16`
}

function v4(prefix: string, country: string): Block {
  return { prefix, family: 4, country }
}

function v6(number: number, country: string): Block {
  return { prefix: `2a12:${(0x1000 + number).toString(16)}::/32`, family: 6, country }
}

function two(number: number): string {
  return String(number).padStart(2, '0')
}
