// What the names of the addresses (PTR) show: consumer lines by the words that providers put there, and how many domains
// the names are under. The names are looked up in the background: two runs over the same series may know different ones.
import { registrableDomain } from '../names/registrable-domain.ts'
import type { FeatureDefinition, Measured } from './feature-definition.ts'
import type { Member } from './member.ts'

// Hand-written, unvalidated. Whole words between dots, hyphens, underscores and digits. "Server" words win.
const CONSUMER_WORDS =
  /(?<![a-z])(?:a?dsl|vdsl|xdsl|dhcp|dyn|dynamic|dynamicip|dial|dialup|dialin|ppp|pppoe|pool|pools|cable|catv|broadband|bb|ftth|fttb|fib(?:er|re)|cpe|home|res|residential|cust|customer|subscriber|user|client|mobile|lte|wireless|wimax)(?![a-z])/
const SERVER_WORDS =
  /(?<![a-z])(?:static|server|servers|srv|vps|compute|cloud|hosting|hosted|host(?:ed)?by|colo|dedicated|cdn|edge|cache|mail|mx|smtp|ns|dns|www|web|amazonaws|googleusercontent|your-server)(?![a-z])/

/** Whether a PTR name looks like the line of a consumer. Lower case. */
export function looksLikeConsumerLine(name: string): boolean {
  return CONSUMER_WORDS.test(name) && !SERVER_WORDS.test(name)
}

/**
 * Addresses whose PTR name looks like a consumer line ÷ addresses with a PTR name. Unit: ratio 0…1. Support: addresses with a
 * name. Undefined under 2 of them.
 * Source: φ11 of Perdisci et al., ACSAC 2009 ("dhcp", "dsl", "dial-up" in PTR names); the word list is ours.
 * Blind spot: providers that name lines in other languages or by numbers alone, names that the holder forged.
 */
export function measureConsumerShare(members: readonly Member[]): Measured {
  const names = namesOf(members)
  if (names.length < 2) return { value: null, support: names.length }
  return { value: names.filter(looksLikeConsumerLine).length / names.length, support: names.length }
}

/**
 * Distinct registrable domains of the PTR names. Unit: domains. Support: addresses with a name. Undefined without any.
 * Source: FluXOR (Passerini et al., DIMVA 2008), its feature of domains in PTR names.
 */
export function measurePtrDomains(members: readonly Member[]): Measured {
  const names = namesOf(members)
  const domains = new Set(names.map((name) => registrableDomain(name) ?? name))
  return { value: names.length === 0 ? null : domains.size, support: names.length }
}

function namesOf(members: readonly Member[]): string[] {
  const names: string[] = []
  for (const { facts } of members) if (typeof facts.ptr === 'string') names.push(facts.ptr)
  return names
}

const CONSUMER_SOURCE = 'φ11 of Perdisci et al., ACSAC 2009; the word list is ours'
const CONSUMER_BLIND_SPOT =
  'Providers that name lines in other languages or by numbers alone, and names that the holder forged.'

export const ptrNames: readonly FeatureDefinition[] = [
  {
    id: 'a_ptr_consumer_share',
    unit: 'ratio',
    meaning: 'Share of the A addresses with a known PTR name whose name looks like a consumer line.',
    direction: 'flux',
    source: CONSUMER_SOURCE,
    blindSpot: CONSUMER_BLIND_SPOT,
    measure: (view) => measureConsumerShare(view.a.members),
  },
  {
    id: 'a_ptr_domains',
    unit: 'domains',
    meaning: 'Distinct registrable domains of the PTR names of the A addresses; not weighed.',
    direction: 'flux',
    source: 'FluXOR (Passerini et al., DIMVA 2008), feature F7',
    blindSpot: 'Addresses without a PTR record, as servers often are, and customers who set their own.',
    measure: (view) => measurePtrDomains(view.a.members),
  },
  {
    id: 'ns_ptr_consumer_share',
    unit: 'ratio',
    meaning:
      'Share of the name servers’ addresses with a known PTR name whose name looks like a consumer line.',
    direction: 'flux',
    source: CONSUMER_SOURCE,
    blindSpot: CONSUMER_BLIND_SPOT,
    measure: (view) => measureConsumerShare(view.nameServerPool.members),
  },
]
