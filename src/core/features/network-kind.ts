// Whether an address sits with a consumer access provider or with a hosting company, cloud, CDN or university, by the
// words in the AS owner's name. Crude: it knows only organisations that name their trade in English or a common brand.
import type { AddressFacts } from '../model/address-facts.ts'
import type { Member } from './domain-view.ts'
import type { FeatureDefinition, Measured } from './feature-definition.ts'

export type NetworkKind = 'access' | 'server'

// Hand-written, unvalidated. "Server" words win: "Telekom Cloud" is no home. Whole words, except where a stem is meant.
const SERVER_WORDS =
  /\b(hosting|hosted|hoster|cloud\w*|data ?cent(er|re)s?|servers?|vps|cdn|colo\w*|universit\w*|univ|college|research|academic|institut\w*|volunteer|amazon\w*|google|microsoft|azure|akamai|fastly|ovh|hetzner|digitalocean|linode|leaseweb|equinix|oracle|alibaba|tencent|contabo|ionos|vultr|choopa)\b/i
const ACCESS_WORDS =
  /\b(isp|broadband|cable\w*|dsl|adsl|fib(er|re)|ftth|tele(com\w*|kom\w*|fonica|net|phone)|mobile|cellular|wireless|residential|consumer|internet service\w*|communications?|comcast|verizon|vodafone|orange|charter|spectrum|kyivstar|ukrtelecom|rostelecom|beeline|vnpt|viettel|bharti|airtel|claro|turkcell)\b/i

/** Null when the name is unknown or says nothing. */
export function networkKind(facts: AddressFacts): NetworkKind | null {
  if (facts.organisation === null) return null
  if (SERVER_WORDS.test(facts.organisation)) return 'server'
  return ACCESS_WORDS.test(facts.organisation) ? 'access' : null
}

/**
 * Addresses of access networks ÷ addresses of known kind. Unit: ratio 0…1. Support: addresses of known kind.
 * Undefined under 5 of them.
 * Source: consumer-ISP share after Perdisci et al. (φ11) and the DSL remark of Holz et al.; the word list is ours.
 * Blind spot: no AS names (many databases carry numbers only), names in other languages, cloud-hosted flux.
 */
export function measureAccessShare(members: readonly Member[]): Measured {
  // Many addresses, few owners: each name is read once.
  const byOwner = new Map<string | null, NetworkKind | null>()
  const kinds: NetworkKind[] = []
  for (const { facts } of members) {
    let kind = byOwner.get(facts.organisation)
    if (kind === undefined) byOwner.set(facts.organisation, (kind = networkKind(facts)))
    if (kind !== null) kinds.push(kind)
  }
  if (kinds.length < 5) return { value: null, support: kinds.length }
  return { value: kinds.filter((kind) => kind === 'access').length / kinds.length, support: kinds.length }
}

export const accessShare: readonly FeatureDefinition[] = [
  {
    id: 'a_access_share',
    unit: 'ratio',
    meaning: 'Share of the A addresses of known network kind that sit with access providers, by AS name.',
    measure: (view) => measureAccessShare(view.a.members),
  },
  {
    id: 'ns_access_share',
    unit: 'ratio',
    meaning: 'The same for the addresses of the name servers.',
    measure: (view) => measureAccessShare(view.nameServers.flatMap(({ pool }) => pool.members)),
  },
]
