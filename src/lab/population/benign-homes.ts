// Machines at home behind dynamic DNS: one of them, or a small community's few. Sources: one A, TTL 60-900, a new address of
// the same ISP every day to week, often in the same /16 (a prior, unverified); some providers' lines get a new one within
// hours. Clusters of several homes are our hard case: consumer lines, several ISPs, low TTL, and no flux.
import { addressIn } from '../address-plan.ts'
import type { AutonomousSystem } from '../autonomous-systems.ts'
import { createRotation } from '../rotation.ts'
import { typed } from '../zones/zone-frame.ts'
import { registrableDomain } from '../../core/names/registrable-domain.ts'
import { drawsOf } from './benign-draws.ts'
import type { Draws, Range } from './benign-draws.ts'
import { ONE_DAY, benignMember } from './benign-member.ts'
import { inventApex } from './benign-names.ts'
import { systemsByCountry, systemsWith } from './benign-networks.ts'
import type { MemberGroup, Split } from './member.ts'

interface HomeRanges {
  /** Seconds between two addresses of a line. */
  readonly term: Range
  readonly ttls: readonly number[]
  readonly tinyTtls: readonly number[]
  readonly lines: Range
  readonly providers: Range
  readonly clusterTerm: Range
  readonly clusterTtls: readonly number[]
}

const RANGES: Readonly<Record<Split, HomeRanges>> = {
  fit: {
    term: [1200, 432_000],
    ttls: [60, 60, 120, 300, 600],
    tinyTtls: [0, 5, 10],
    lines: [2, 4],
    providers: [1, 3],
    clusterTerm: [14_400, 604_800],
    clusterTtls: [60, 120, 300, 600],
  },
  report: {
    term: [1800, 604_800],
    ttls: [60, 90, 180, 300, 900],
    tinyTtls: [0, 1, 10],
    lines: [2, 5],
    providers: [1, 3],
    clusterTerm: [7200, 432_000],
    clusterTtls: [60, 180, 300, 900],
  },
}

/** On the product's context list, about one member in four. */
const LISTED = ['duckdns.org', 'ddns.net', 'no-ip.org', 'dyndns.org', 'mooo.com', 'myfritz.net', 'dynv6.net']

export const DYN_DNS: MemberGroup = {
  group: 'dyn-dns',
  watchSeconds: ONE_DAY,
  draw(context) {
    const { plan, split, dice } = context
    const draws = drawsOf(dice)
    const range = RANGES[split]
    const termSeconds = draws.spread(range.term, 'term')
    const provider = draws.oneOf(systemsWith(plan, 'consumer'), 'provider')
    const line = drawLine(provider, termSeconds, draws, 'line')
    const isDualStack =
      provider.networks.some(({ family }) => family === 6) && draws.chance(0.25, 'dual stack')
    // The prefix changes with the line, so the address does.
    const line6 = isDualStack ? drawLine(provider, termSeconds, draws, 'line', 6) : null
    const ttl = draws.oneOf(draws.chance(0.15, 'tiny ttl') ? range.tinyTtls : range.ttls, 'ttl')
    const { apex, host } = drawName(draws)
    return benignMember(context, draws, {
      addresses: 'dyn-dns',
      host,
      apex,
      behaviour: ({ type }, { at }) => {
        if (type === 'A') return typed('A', ttl, [line(at)])
        return type === 'AAAA' && line6 ? typed('AAAA', ttl, [line6(at)]) : []
      },
      watchSeconds: ONE_DAY,
      parameters: { ttl, termSeconds, v6: isDualStack ? 'yes' : 'no' },
    })
  },
}

export const HOME_CLUSTER: MemberGroup = {
  group: 'home-cluster',
  watchSeconds: ONE_DAY,
  draw(context) {
    const { plan, split, dice } = context
    const draws = drawsOf(dice)
    const range = RANGES[split]
    // Friends live in one country, mostly.
    const neighbours = draws.chance(0.7, 'one country')
      ? draws.oneOf(systemsByCountry(plan, ['consumer'], range.providers[1]), 'country')
      : systemsWith(plan, 'consumer')
    const providers = draws.some(neighbours, draws.whole(range.providers, 'providers'), 'which providers')
    const termSeconds = draws.spread(range.clusterTerm, 'term')
    const lines = Array.from({ length: draws.whole(range.lines, 'lines') }, (_, index) =>
      drawLine(
        providers[index % providers.length]!,
        Math.round(termSeconds * draws.real([0.6, 1.6], `pace ${index}`)),
        draws,
        `line ${index}`,
      ),
    )
    const ttl = draws.oneOf(range.clusterTtls, 'ttl')
    const { apex, host } = drawName(draws)
    return benignMember(context, draws, {
      addresses: 'home-cluster',
      host,
      apex,
      behaviour: (_, { at, region }) =>
        typed(
          'A',
          ttl,
          dice.shuffled(
            lines.map((line) => line(at)),
            'order',
            region,
            at,
          ),
        ),
      watchSeconds: ONE_DAY,
      parameters: { ttl, termSeconds, lines: lines.length, providers: providers.length },
    })
  },
}

/** The address of one access line at a time; of half of them always in the same prefix of the provider. */
function drawLine(
  provider: AutonomousSystem,
  termSeconds: number,
  draws: Draws,
  label: string,
  family: 4 | 6 = 4,
): (at: number) => string {
  const { dice } = draws
  const ms = termSeconds * 1000
  const isForced = draws.chance(0.4, `${label} forced`)
  // A forced disconnection comes on time, a lost connection does not.
  const terms = createRotation(
    isForced ? { minMs: 0.98 * ms, maxMs: 1.02 * ms } : { minMs: 0.4 * ms, maxMs: 1.6 * ms },
    dice,
    label,
  )
  const prefixes = provider.networks.filter((network) => network.family === family)
  const home = draws.chance(0.5, `${label} one prefix`)
    ? { ...provider, networks: [draws.oneOf(prefixes, `${label} prefix`)] }
    : provider
  let known = { term: Number.NaN, address: '' }
  return (at) => {
    const term = terms.termAt(at).index
    if (term !== known.term) known = { term, address: addressIn(home, { family }, dice, label, term) }
    return known.address
  }
}

function drawName(draws: Draws): { readonly apex: string; readonly host: string } {
  const label = draws.oneOf(['home', 'cam', 'nas', 'cloud', 'game', 'wiki'], 'host label')
  if (!draws.chance(0.25, 'listed')) {
    const apex = inventApex(draws, 'site')
    return { apex, host: `${label}.${apex}` }
  }
  const suffix = draws.oneOf(LISTED, 'listed name')
  return {
    host: `${label}${draws.whole([10, 9999], 'listed number')}.${suffix}`,
    apex: registrableDomain(suffix) ?? suffix,
  }
}
