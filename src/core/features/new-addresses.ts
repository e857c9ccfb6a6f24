// How many addresses came after the first answer. Per vantage, so that servers that differ between regions have not changed.
import { inBothFamilies } from './address-family.ts'
import type { DomainView } from './domain-view.ts'
import type { FeatureDefinition } from './feature-definition.ts'

export const newAddresses: readonly FeatureDefinition[] = [
  ...inBothFamilies(({ prefix, type, pool }) => [
    {
      id: `${prefix}_new_addresses`,
      unit: 'addresses',
      meaning: `${type} addresses beyond those of the first answer, the most that one vantage saw.`,
      direction: 'flux',
      source:
        'Passerini et al. (FluXOR), DIMVA 2008, feature F3; per vantage and beyond the first answer is ours',
      blindSpot: 'Every large pool of servers, a CDN’s or volunteers’, brings new ones for a while.',
      measure: (view) => ({
        value: pool(view).views.length === 0 ? null : pool(view).newAddresses,
        support: pool(view).freshAnswers,
      }),
    },
  ]),
  {
    id: 'ns_new_addresses',
    unit: 'addresses',
    meaning:
      'Addresses of name servers beyond those of the first answer (for glue: the first referral), the most that one vantage saw, summed over the hosts.',
    direction: 'flux',
    source: 'Konte et al., PAM 2009: 94 % of the scam domains, about 2 % of Alexa',
    blindSpot: 'Resolvers keep these addresses for days, and a change of hoster moves them once.',
    measure: (view) => ({
      value: view.nameServers.reduce((sum, { pool }) => sum + pool.newAddresses, 0),
      support: countNameServerAnswers(view),
    }),
  },
  {
    id: 'ns_changed_hosts',
    unit: 'hosts',
    meaning: 'Name servers whose addresses changed at some vantage.',
    direction: 'flux',
    source: 'Konte et al., PAM 2009',
    blindSpot: 'Anycast operators that answer one resolver from several regions look changed.',
    measure: (view) => ({
      value: view.nameServers.filter(({ pool }) => pool.newAddresses > 0).length,
      support: view.nameServers.filter(({ pool }) => pool.members.length > 0).length,
    }),
  },
]

/** Fresh address answers for the name servers, glue included. */
export function countNameServerAnswers({ nameServers }: DomainView): number {
  let answers = 0
  for (const { pool } of nameServers) answers += pool.freshAnswers
  return answers
}
