// Makes a benign member of what its group drew: adds name servers, the SOA's numbers, the providers' zones and a failure
// rate, all drawn apart from the addresses so that none of them says which group it is.
import { registrableDomain } from '../../core/names/registrable-domain.ts'
import type { BenignAddressClass, BenignNameServerClass } from '../../core/detect/model/classes.ts'
import { addressIn } from '../address-plan.ts'
import type { AutonomousSystem } from '../autonomous-systems.ts'
import { alias, fixedNameServer, frameZone } from '../zones/zone-frame.ts'
import type { NameBehaviour } from '../zones/zone-frame.ts'
import type { AuthorityZone } from '../zones/zone.ts'
import type { Draws, Range } from './benign-draws.ts'
import { drawNameServerClass, drawNameServers } from './benign-name-servers.ts'
import type { DrawnNameServers } from './benign-name-servers.ts'
import type { DrawContext, Member, Split } from './member.ts'

export type DrawnMember = Omit<Member, 'group' | 'plan'>

/** How long members are watched, virtual seconds. */
export const TWO_HOURS = 7200
export const ONE_DAY = 86_400

/** When a set of name servers that moves does so, share of the watch. */
const MOVES: Readonly<Record<Split, Range>> = { fit: [0.1, 0.6], report: [0.05, 0.75] }
/** Share of failing questions of badly run zones. */
const OFTEN_FAILING: Readonly<Record<Split, Range>> = { fit: [0.01, 0.08], report: [0.015, 0.1] }

interface BenignSite {
  readonly addresses: BenignAddressClass
  readonly host: string
  readonly apex: string
  /** What `host` answers; when there are `aliases`, what the last of them answers. */
  readonly behaviour: NameBehaviour
  /** Alias targets on the way from `host` to the addresses, in order. Default none. */
  readonly aliases?: readonly string[]
  /** Whose servers answer for the aliases' zones. */
  readonly provider?: AutonomousSystem
  /** Names of the providers' zones besides the aliases. */
  readonly providerNames?: Readonly<Record<string, NameBehaviour>>
  /** The site's addresses when they stand still. Default none. */
  readonly steadyAddresses?: readonly string[]
  /** Default: drawn. */
  readonly nameServers?: BenignNameServerClass
  /** When a set of name servers that moves does so, ms since the epoch. Default: drawn. */
  readonly movesAt?: number
  readonly watchSeconds: number
  readonly parameters: Readonly<Record<string, string | number>>
}

export function benignMember(
  { plan, split, startAt }: DrawContext,
  draws: Draws,
  site: BenignSite,
): DrawnMember {
  const { host, apex, aliases = [], behaviour, watchSeconds } = site
  const nameServers = site.nameServers ?? drawNameServerClass(draws, split)
  const drawn = drawNameServers(nameServers, {
    draws,
    plan,
    split,
    apex,
    steadyAddresses: site.steadyAddresses ?? [],
    movesAt: site.movesAt ?? startAt + draws.real(MOVES[split], 'ns moves') * watchSeconds * 1000,
  })
  const aliasTtls = draws.oneOf([20, 60, 300, 900, 3600], 'alias ttl')
  const chain = [host, ...aliases]
  const behaviours = chain.map((name, index): [string, NameBehaviour] => {
    const target = chain[index + 1]
    return [name, target === undefined ? behaviour : alias(aliasTtls, target)]
  })
  const soa = {
    soaRetrySeconds: draws.oneOf([600, 900, 1800, 3600, 7200], 'soa retry'),
    negativeTtlSeconds: draws.oneOf([60, 300, 900, 3600], 'negative ttl'),
  }
  const zone = frameZone({
    apex,
    nameServers: drawn.servers,
    names: { [host]: behaviours[0]![1] },
    nsTtlSeconds: drawn.nsTtlSeconds,
    nsAddressTtlSeconds: drawn.nsAddressTtlSeconds,
    ...soa,
  })
  const elsewhere = { ...Object.fromEntries(behaviours.slice(1)), ...site.providerNames }
  return {
    isEvasion: false,
    truth: { fluxType: null, addresses: site.addresses, nameServers },
    host,
    zone: drawn.shownAt ? withMovingSet(zone, drawn.shownAt) : zone,
    infrastructure: [...drawn.zones, ...providerZones(elsewhere, site.provider, draws)],
    failureRatio: drawFailureRatio(draws, split),
    parameters: {
      ...site.parameters,
      aliases: aliases.join(' ') || 'none',
      nameServers: drawn.servers.length,
      nsAddressTtlSeconds: drawn.nsAddressTtlSeconds,
    },
  }
}

/** One zone for each domain that the names lie in, with servers of the provider that never move. */
function providerZones(
  names: Readonly<Record<string, NameBehaviour>>,
  provider: AutonomousSystem | undefined,
  draws: Draws,
): AuthorityZone[] {
  const byApex = new Map<string, Record<string, NameBehaviour>>()
  for (const [name, behaviour] of Object.entries(names)) {
    const apex = registrableDomain(name) ?? name
    byApex.set(apex, { ...byApex.get(apex), [name]: behaviour })
  }
  return [...byApex].map(([apex, inZone]) => {
    if (!provider) throw new Error(`${apex} has no provider to serve it`)
    return frameZone({
      apex,
      nameServers: [1, 2, 3].map((number) =>
        fixedNameServer(`ns${number}.${apex}`, [
          addressIn(provider, {}, draws.dice, 'provider', apex, number),
        ]),
      ),
      names: inZone,
    })
  })
}

/** The zone's own NS set follows the move; its servers all know the zone. */
function withMovingSet(
  zone: AuthorityZone,
  shownAt: NonNullable<DrawnNameServers['shownAt']>,
): AuthorityZone {
  return {
    ...zone,
    answer(question, moment) {
      const said = zone.answer(question, moment)
      if (question.name !== zone.apex || question.type !== 'NS') return said
      const shown = new Set(shownAt(moment.at))
      return { ...said, answer: said.answer.filter((record) => shown.has(record.data)) }
    },
  }
}

/**
 * Benign questions fail one time in ten thousand (Holz et al., NDSS 2008: 17 of 128,847); badly run zones as often as flux,
 * which is our assumption: one in ten.
 */
function drawFailureRatio(draws: Draws, split: Split): number {
  return draws.chance(0.1, 'badly run')
    ? draws.real(OFTEN_FAILING[split], 'failures')
    : draws.real([0, 0.001], 'failures')
}
