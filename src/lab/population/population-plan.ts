// The map of the Internet that the population lives on, one for each split: some 650 autonomous systems with scattered prefixes and
// names that read like real ones. No name, no ASN and no prefix is in both. Decides who owns which prefix, and where; what owners are
// called is owner-names.ts, what PTR names their addresses have line-names.ts.
import type { AddressFacts } from '../../core/model/address-facts.ts'
import { ipv4Number, parseAddress, uint32At } from '../../core/net/address.ts'
import type { AddressPlan } from '../address-plan.ts'
import type { AutonomousSystem, LabNetwork, NetworkKind } from '../autonomous-systems.ts'
import { createDice } from '../random.ts'
import type { Dice } from '../random.ts'
import { LAB_REGIONS } from '../regions.ts'
import { lineName } from './line-names.ts'
import type { Split } from './member.ts'
import { ownerNames } from './owner-names.ts'
import { POPULATION_COUNTRIES } from './population-countries.ts'
import type { PopulationCountry } from './population-countries.ts'
import { createPrefixStock } from './prefix-stock.ts'
import type { PrefixStock } from './prefix-stock.ts'

export interface PopulationPlan extends AddressPlan {
  /** The PTR name of an address; null when it has none. `factsOf` tells it too. */
  ptrOf(address: string): string | null
}

/** Owners by kind. A CDN or a cloud may have several systems, so that "one owner" and "one ASN" are different things. */
const OWNERS = { consumer: 300, hosting: 120, cloud: 20, cdn: 8, volunteer: 120 } as const
/** Private use (RFC 6996). */
const FIRST_ASN: Readonly<Record<Split, number>> = { fit: 4_200_010_000, report: 4_200_050_000 }
/** Of the consumer ISPs, those that have IPv6 and those that work in a second country. Hand-set. */
const CONSUMER_V6_SHARE = 0.5
const SECOND_COUNTRY_SHARE = 0.05
/** Addresses whose facts are kept ready. Beyond, they are forgotten and made again. */
const FACTS_KEPT = 200_000

const NOTHING: AddressFacts = { asn: null, organisation: null, country: null, ptr: null }

const plans = new Map<Split, PopulationPlan>()

/** Always the same plan for a split; systems of a kind come largest first. */
export function populationPlan(split: Split): PopulationPlan {
  let plan = plans.get(split)
  if (plan === undefined) plans.set(split, (plan = createPlan(split)))
  return plan
}

function createPlan(split: Split): PopulationPlan {
  const dice = createDice(`population-plan ${split}`)
  const systems = drawSystems(split, dice)
  const networks = systems.flatMap((system) => system.networks)
  const byKind = Map.groupBy(systems, (system) => system.kind)
  // No two IPv4 prefixes share a /16, no two IPv6 prefixes a /32.
  const byStart = new Map(networks.map((network) => [startOf(network.prefix), network]))
  const known = new Map<string, AddressFacts>()

  const networkOf = (address: string): LabNetwork | null => {
    const number = ipv4Number(address)
    if (number !== null) {
      const network = byStart.get(number >>> 16)
      return network !== undefined && holds(network.prefix, number) ? network : null
    }
    const parsed = parseAddress(address)
    if (parsed === null) throw new Error(`Expected an IP address, got ${address}`)
    return byStart.get(v6Start(uint32At(parsed.bytes, 0))) ?? null
  }
  const ptrOf = (address: string): string | null => {
    const network = networkOf(address)
    return network === null ? null : lineName(address, network, dice)
  }
  return {
    systems,
    networks,
    systemsOf: (kind) => byKind.get(kind) ?? [],
    networkOf,
    ptrOf,
    factsOf(address) {
      let facts = known.get(address)
      if (facts !== undefined) return facts
      const network = networkOf(address)
      facts =
        network === null
          ? NOTHING
          : {
              asn: network.asn,
              organisation: network.organisation,
              country: network.country,
              ptr: lineName(address, network, dice),
            }
      if (known.size >= FACTS_KEPT) known.clear()
      known.set(address, facts)
      return facts
    },
  }
}

function drawSystems(split: Split, dice: Dice): readonly AutonomousSystem[] {
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
    stockOf: PrefixStock = stock,
  ): { prefix: string; family: 4 | 6; country: PopulationCountry }[] => [
    ...stockOf.takeV4(count, lengths).map((prefix) => ({ prefix, family: 4 as const, country })),
    ...(withV6 ? [{ prefix: stockOf.takeV6(), family: 6 as const, country }] : []),
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
          drawCountry(dice, kind, rank),
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

/** The /16 of an IPv4 prefix as a number; of an IPv6 prefix its /32, below zero. */
function startOf(prefix: string): number {
  const base = parseAddress(prefix.slice(0, prefix.indexOf('/')))!
  const start = uint32At(base.bytes, 0)
  return base.family === 4 ? start >>> 16 : v6Start(start)
}

function v6Start(number: number): number {
  return -1 - number
}

function holds(prefix: string, number: number): boolean {
  const slash = prefix.indexOf('/')
  const shift = 32 - Number(prefix.slice(slash + 1))
  return number >>> shift === ipv4Number(prefix.slice(0, slash))! >>> shift
}
