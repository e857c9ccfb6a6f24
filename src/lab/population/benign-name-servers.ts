// The name servers of a benign member, drawn apart from its addresses: at a DNS hoster, its own, geographic, friends' or
// moved once. 2 % of the Alexa 500 changed a name server's address in four weeks, and NS TTLs were wide (Konte et al., PAM
// 2009). How often each way occurs is our assumption.
import type { BenignNameServerClass } from '../../core/detect/model/classes.ts'
import type { Draws } from './benign-draws.ts'
import { geographicSet } from './benign-geo-name-servers.ts'
import { movedOnce } from './benign-moved-name-servers.ts'
import type { NameServerDraw, NameServerSet } from './benign-name-server-draw.ts'
import { hostedSet, ownServers, volunteerSecondaries } from './benign-steady-name-servers.ts'
import type { Split } from './member.ts'

export interface DrawnNameServers extends NameServerSet {
  readonly nsTtlSeconds: number
  readonly nsAddressTtlSeconds: number
}

/** The fit sees the rare kinds more often: how they look is learned class by class, how often they are met stands with the model. */
const SHARES: Readonly<Record<Split, Readonly<Record<BenignNameServerClass, number>>>> = {
  fit: {
    hosted: 0.4,
    'own-servers': 0.15,
    'geo-dns': 0.15,
    'volunteer-secondaries': 0.1,
    'moved-once': 0.2,
  },
  report: {
    hosted: 0.7,
    'own-servers': 0.15,
    'geo-dns': 0.07,
    'volunteer-secondaries': 0.06,
    'moved-once': 0.02,
  },
}

/** TTLs of the NS set and of the servers' addresses, five minutes to two days. */
const TTLS: Readonly<
  Record<Split, { readonly set: readonly number[]; readonly addresses: readonly number[] }>
> = {
  fit: {
    set: [1800, 3600, 21_600, 86_400, 172_800],
    addresses: [300, 900, 3600, 14_400, 86_400, 172_800],
  },
  report: {
    set: [900, 3600, 14_400, 43_200, 86_400, 172_800],
    addresses: [300, 600, 1800, 7200, 43_200, 86_400, 172_800],
  },
}

const BUILDERS: Readonly<Record<BenignNameServerClass, (draw: NameServerDraw) => NameServerSet>> = {
  hosted: (draw) => hostedSet(draw, 'hoster'),
  'own-servers': ownServers,
  'geo-dns': geographicSet,
  'volunteer-secondaries': volunteerSecondaries,
  'moved-once': movedOnce,
}

export function drawNameServerClass(draws: Draws, split: Split): BenignNameServerClass {
  return draws.weighted(SHARES[split], 'name-server class')
}

export function drawNameServers(
  kind: BenignNameServerClass,
  draw: Omit<NameServerDraw, 'addressTtlSeconds'>,
): DrawnNameServers {
  const { draws, split } = draw
  const nsAddressTtlSeconds = draws.oneOf(TTLS[split].addresses, 'ns address ttl')
  return {
    ...BUILDERS[kind]({ ...draw, addressTtlSeconds: nsAddressTtlSeconds }),
    nsTtlSeconds: draws.oneOf(TTLS[split].set, 'ns ttl'),
    nsAddressTtlSeconds,
  }
}
