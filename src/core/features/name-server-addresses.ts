// How many addresses stand behind the name servers, and how well they were watched.
import type { DomainView } from './domain-view.ts'
import type { FeatureDefinition, Measured } from './feature-definition.ts'
import { countNameServerAnswers } from './new-addresses.ts'
import { lowerMedian, medianPerVantage } from './per-vantage.ts'

/**
 * How long the addresses of the name servers were really watched: from the first to the last fresh answer of a view, the
 * median over all views of all name servers that gave one. What a cache repeats does not count.
 * Unit: seconds. Support: views.
 */
export function measureWatchedSeconds({ nameServerPool: { views } }: DomainView): Measured {
  const median = lowerMedian(views.map((one) => one.lastFreshAt - one.firstFreshAt))
  return { value: median === null ? null : Math.round(median / 1000), support: views.length }
}

/**
 * Addresses of the name servers that one vantage saw, the lower median over the vantages; those of the parent's glue where they
 * are more. Unit: addresses, of those held. Undefined without one. Support: addresses, all vantages.
 */
export function measureAddressesPerVantage({ nameServerPool, parentVantages }: DomainView): Measured {
  const { vantages, ofMember } = nameServerPool.seats
  const counts = vantages.map(() => 0)
  for (const seats of ofMember) for (const seat of seats) counts[seat]! += 1
  return { value: medianPerVantage(vantages, counts, parentVantages), support: ofMember.length }
}

export const nameServerAddresses: readonly FeatureDefinition[] = [
  {
    id: 'ns_addresses',
    unit: 'addresses',
    meaning: 'Distinct addresses of the name servers, the parent’s glue included.',
    direction: 'flux',
    source: 'Konte et al., PAM 2009',
    blindSpot: 'Of a name server with very many addresses only a sample is held.',
    measure: ({ nameServerPool, nameServers }) => ({
      value: nameServerPool.members.length,
      support: nameServers.length,
    }),
  },
  {
    id: 'ns_addresses_per_vantage',
    unit: 'addresses',
    meaning:
      'Addresses of the name servers that one vantage saw, median over the vantages; those of the parent’s glue where they are more.',
    direction: 'flux',
    source: 'Konte et al., PAM 2009; per vantage is ours',
    blindSpot: 'Thirteen well run name servers with two addresses each have 26.',
    measure: measureAddressesPerVantage,
  },
  {
    id: 'ns_fresh_answers',
    unit: 'answers',
    meaning: 'Address answers for the name servers that were no cached copy of one that had been seen.',
    direction: 'none',
    source: 'ours',
    blindSpot: 'A fresh answer of a resolver may still be days old.',
    measure: (view) => ({ value: countNameServerAnswers(view), support: view.nameServers.length }),
  },
  {
    id: 'ns_watched',
    unit: 'seconds',
    meaning: 'From the first to the last fresh address answer of a name server at a vantage, median.',
    direction: 'none',
    source: 'ours; Konte et al., PAM 2009, show how long it takes (75 % change within 60 h)',
    blindSpot:
      'Two fresh answers of a resolver prove what the zone said when they were fetched, not in between.',
    measure: measureWatchedSeconds,
  },
]
