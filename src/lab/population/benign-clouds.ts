// Balancers of a cloud, and sets that one owner announces from several ASNs. Sources: AWS ELB, 520 names of 2020: TTL 60, 3
// records in the median and 8 at most, one AS, replaced as it scales; anycast sets: 5 ASNs of one owner, which counts
// organisations rather than ASNs. How often nodes are replaced and how large the pool grows is assumed.
import { addressIn, addressesIn } from '../address-plan.ts'
import type { AutonomousSystem } from '../autonomous-systems.ts'
import { createRotation } from '../rotation.ts'
import { LAB_REGIONS } from '../regions.ts'
import { typed } from '../zones/zone-frame.ts'
import { drawsOf } from './benign-draws.ts'
import type { Range } from './benign-draws.ts'
import { ONE_DAY, TWO_HOURS, benignMember } from './benign-member.ts'
import { inventApex, inventHost } from './benign-names.ts'
import { systemsByOwner, systemsWith } from './benign-networks.ts'
import type { MemberGroup, Split } from './member.ts'

interface CloudRanges {
  readonly ttls: readonly number[]
  readonly width: Range
  /** New nodes in a day. */
  readonly perDay: Range
  /** Hours between two changes of the number of nodes. */
  readonly scaleHours: Range
  readonly anycastWidth: Range
  readonly anycastSystems: Range
  readonly anycastTtls: readonly number[]
}

const RANGES: Readonly<Record<Split, CloudRanges>> = {
  fit: {
    ttls: [60, 60, 60, 55],
    width: [2, 6],
    perDay: [20, 80],
    scaleHours: [2, 6],
    anycastWidth: [4, 9],
    anycastSystems: [2, 4],
    anycastTtls: [60, 300, 300, 600, 3600],
  },
  report: {
    ttls: [60, 60, 60, 45],
    width: [3, 8],
    perDay: [25, 100],
    scaleHours: [1, 8],
    anycastWidth: [4, 12],
    anycastSystems: [2, 5],
    anycastTtls: [30, 120, 300, 900, 7200],
  },
}
const DAY_MS = 86_400_000
const SHORTEST_TERM_MS = 600_000
const LONGEST_TERM_MS = 6 * 3_600_000
const REGION_CODES = { eu: 'eu-west-1', us: 'us-east-1', asia: 'ap-south-1' } as const

export const CLOUD_BALANCER: MemberGroup = {
  group: 'cloud-balancer',
  watchSeconds: ONE_DAY,
  draw(context) {
    const { plan, split, dice } = context
    const draws = drawsOf(dice)
    const range = RANGES[split]
    const apex = inventApex(draws, 'site')
    const systems = drawCloud()
    const region = draws.oneOf(LAB_REGIONS, 'region')
    const width = draws.whole(range.width, 'width')
    const perDay = draws.spread(range.perDay, 'per day')
    const termMs = Math.min(LONGEST_TERM_MS, Math.max(SHORTEST_TERM_MS, (width * DAY_MS) / perDay))
    // Addresses come back now and then: the cloud hands out what others have left.
    const poolSize = Math.ceil(perDay * draws.real([1.2, 4], 'pool'))
    const seats = Array.from({ length: width }, (_, seat) =>
      createRotation({ minMs: 0.5 * termMs, maxMs: 1.5 * termMs }, dice, 'node', seat),
    )
    const scaleMs = draws.real(range.scaleHours, 'scale') * 3_600_000
    const nodes = new Map<number, string>()
    const nodeOf = (node: number): string => {
      let address = nodes.get(node)
      if (address === undefined) {
        address = addressIn(systems[node % systems.length]!, { region }, dice, 'node', node)
        nodes.set(node, address)
      }
      return address
    }
    const ttl = draws.oneOf(range.ttls, 'ttl')
    const label = `lb-${draws.whole([100_000, 999_999], 'balancer')}`
    const aliases = [
      ...(draws.chance(0.4, 'listed') ? [`${label}.${REGION_CODES[region]}.elb.amazonaws.com`] : []),
      ...(draws.chance(0.2, 'other cloud') ? [`${label}.lb.${inventApex(draws, 'cloud')}`] : []),
    ].slice(0, 1)
    return benignMember(context, draws, {
      addresses: 'cloud-balancer',
      host: inventHost(draws, apex, ['api', 'app', 'www', 'login', 'hooks']),
      apex,
      behaviour: (_, { at, region: asker }) => {
        const open = Math.max(2, width - dice.below(width, 'scale', Math.floor(at / scaleMs)))
        const shown = seats
          .slice(0, open)
          .map((seat, index) => nodeOf(dice.below(poolSize, 'term', index, seat.termAt(at).index)))
        return typed('A', ttl, dice.shuffled([...new Set(shown)], 'order', asker, at))
      },
      aliases,
      provider: systems[0]!,
      watchSeconds: ONE_DAY,
      parameters: {
        ttl,
        width,
        perDay,
        poolSize,
        systems: systems.length,
        termMinutes: Math.round(termMs / 60_000),
      },
    })

    /** One AS; of some, two of one owner. */
    function drawCloud(): readonly AutonomousSystem[] {
      const owners = systemsByOwner(plan, ['cloud', 'cdn'], 2)
      return owners.length > 0 && draws.chance(0.15, 'two systems')
        ? draws.some(draws.oneOf(owners, 'owner'), 2, 'which systems')
        : [draws.oneOf(systemsWith(plan, 'cloud'), 'system')]
    }
  },
}

export const ANYCAST_SET: MemberGroup = {
  group: 'anycast-set',
  watchSeconds: TWO_HOURS,
  draw(context) {
    const { plan, split, dice } = context
    const draws = drawsOf(dice)
    const range = RANGES[split]
    const apex = inventApex(draws, 'site')
    const owner = draws.oneOf(systemsByOwner(plan, ['cloud', 'cdn'], 2), 'owner')
    const systems = draws.some(owner, draws.whole(range.anycastSystems, 'systems'), 'which systems')
    const width = draws.whole(range.anycastWidth, 'width')
    const servers = systems.flatMap((system, index) =>
      addressesIn(system, Math.ceil((width - index) / systems.length), {}, dice, 'anycast', index),
    )
    const ttl = draws.oneOf(range.anycastTtls, 'ttl')
    return benignMember(context, draws, {
      addresses: 'anycast-set',
      host: inventHost(draws, apex, ['www', 'dns', 'time', 'api']),
      apex,
      behaviour: (_, { at, region }) => typed('A', ttl, dice.shuffled(servers, 'order', region, at)),
      steadyAddresses: servers,
      watchSeconds: TWO_HOURS,
      parameters: { ttl, width, systems: systems.length },
    })
  },
}
