// The autonomous systems that the population lives on: of which kind, how large, in which countries. Their owners' names are
// owner-names.ts's business, their prefixes prefix-stock.ts's.
import type { AutonomousSystem, NetworkKind } from '../autonomous-systems.ts'
import type { Dice } from '../random.ts'
import { LAB_REGIONS } from '../regions.ts'
import type { Split } from './member.ts'
import { ownerNames } from './owner-names.ts'
import { POPULATION_COUNTRIES } from './population-countries.ts'
import type { PopulationCountry } from './population-countries.ts'
import { createPrefixStock } from './prefix-stock.ts'

/** Owners by kind. A CDN or a cloud may have several systems, so that "one owner" and "one ASN" are different things. */
const OWNERS = { consumer: 300, hosting: 120, cloud: 20, cdn: 8, volunteer: 120 } as const
/** Private use (RFC 6996). */
const FIRST_ASN: Readonly<Record<Split, number>> = { fit: 4_200_010_000, report: 4_200_050_000 }
/** Of the consumer ISPs, those that have IPv6 and those that work in a second country. Hand-set. */
const CONSUMER_V6_SHARE = 0.5
const SECOND_COUNTRY_SHARE = 0.05
/** Of a kind the largest first. */
export function drawSystems(split: Split, dice: Dice): readonly AutonomousSystem[] {
  const stock = createPrefixStock(split, dice)
  let nextAsn = FIRST_ASN[split]
  const system = (
    kind: NetworkKind,
    organisation: string,
    blocks: readonly { prefix: string; family: 4 | 6; country: PopulationCountry }[],
  ): AutonomousSystem => {
    const asn = nextAsn++
    return {
      asn,
      organisation,
      kind,
      networks: blocks.map(({ prefix, family, country: { code, region } }) => ({
        prefix,
        family,
        asn,
        organisation,
        country: code,
        region,
        kind,
      })),
    }
  }
  const blocksAt = (
    country: PopulationCountry,
    count: number,
    lengths: readonly number[],
    withV6: boolean,
  ): { prefix: string; family: 4 | 6; country: PopulationCountry }[] => [
    ...stock.takeV4(count, lengths).map((prefix) => ({ prefix, family: 4 as const, country })),
    ...(withV6 ? [{ prefix: stock.takeV6(), family: 6 as const, country }] : []),
  ]

  const consumers = ownerNames('consumer', OWNERS.consumer, split, dice).map((name, rank) => {
    const country = drawCountry(dice, 'consumer', rank)
    // Long-tailed: the largest has 24 blocks, half of them have one or two.
    const count = Math.max(1, Math.round(24 / Math.sqrt(rank + 1)))
    const lengths = rank < 60 ? [16] : rank < 150 ? [16, 17, 18] : [17, 18, 19, 20]
    return system('consumer', name, [
      ...blocksAt(country, count, lengths, dice.ratio('consumer-v6', rank) < CONSUMER_V6_SHARE),
      ...(dice.ratio('second-country', rank) < SECOND_COUNTRY_SHARE
        ? blocksAt(drawCountry(dice, 'second', rank), 1, lengths, false)
        : []),
    ])
  })
  const small = (kind: 'hosting' | 'volunteer', mostBlocks: number): AutonomousSystem[] =>
    ownerNames(kind, OWNERS[kind], split, dice).map((name, rank) =>
      system(
        kind,
        name,
        blocksAt(
          kind === 'hosting' ? drawServerCountry(dice, rank) : drawCountry(dice, kind, rank),
          Math.max(1, Math.round(mostBlocks / Math.sqrt(rank + 1))),
          [17, 18, 19, 20],
          dice.ratio('v6', kind, rank) < 0.7,
        ),
      ),
    )
  /** Owners of one or several systems, each of them in all three regions. */
  const wide = (kind: 'cloud' | 'cdn', mostSystems: number, lengths: readonly number[]): AutonomousSystem[] =>
    ownerNames(kind, OWNERS[kind], split, dice).flatMap((name, owner) =>
      Array.from({ length: 1 + dice.below(mostSystems, 'systems', kind, owner) }, (_, index) =>
        system(
          kind,
          name,
          LAB_REGIONS.flatMap((region) =>
            [0, 1].flatMap((site) =>
              blocksAt(
                drawCountryOf(region, dice, kind, owner, index, site),
                1 + dice.below(4, 'blocks', kind, owner, index, region, site),
                lengths,
                site === 0,
              ),
            ),
          ),
        ),
      ),
    )
  return [
    ...consumers,
    ...small('hosting', 8),
    ...wide('cloud', 2, [16, 17]),
    ...wide('cdn', 5, [18, 19, 20]),
    ...small('volunteer', 3),
    system('registry', 'Name Registry', blocksAt(POPULATION_COUNTRIES[0]!, 1, [16], false)),
  ]
}

/** Where most hosting companies are; the rest is anywhere. Hand-set. */
const SERVER_COUNTRIES = ['US', 'DE', 'NL', 'FR', 'GB', 'CA', 'PL', 'JP', 'RU', 'UA', 'RO', 'BG']
const SERVER_COUNTRY_SHARE = 0.7

function drawServerCountry(dice: Dice, rank: number): PopulationCountry {
  if (dice.ratio('anywhere', rank) >= SERVER_COUNTRY_SHARE) return drawCountry(dice, 'hosting', rank)
  const code = SERVER_COUNTRIES[dice.below(SERVER_COUNTRIES.length, 'server-country', rank)]
  return POPULATION_COUNTRIES.find((country) => country.code === code)!
}

/** The countries of the table's beginning much more often than those of its end. */
function drawCountry(dice: Dice, ...labels: readonly (string | number)[]): PopulationCountry {
  const place = Math.floor(POPULATION_COUNTRIES.length * dice.ratio('country', ...labels) ** 1.5)
  return POPULATION_COUNTRIES[place]!
}

function drawCountryOf(
  region: string,
  dice: Dice,
  ...labels: readonly (string | number)[]
): PopulationCountry {
  const there = POPULATION_COUNTRIES.filter((country) => country.region === region)
  return there[dice.below(there.length, 'country-of', region, ...labels)]!
}
