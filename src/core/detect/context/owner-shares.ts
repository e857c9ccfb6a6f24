// Who holds the addresses of a name, as the context lists ask for it.
import type { DomainView } from '../../features/domain-view.ts'
import type { OwnerShare } from './find-context.ts'

/**
 * Each owner's share of the A and AAAA addresses that are held. Addresses without a known owner count in the whole, so that
 * what is unknown never makes a listed owner larger.
 */
export function ownerShares({ a, aaaa }: DomainView): readonly OwnerShare[] {
  const total = a.members.length + aaaa.members.length
  const counts = new Map<string, number>()
  for (const holders of [a.holders, aaaa.holders]) {
    for (const { owner, count } of holders) {
      if (owner.organisation === null) continue
      counts.set(owner.organisation, (counts.get(owner.organisation) ?? 0) + count)
    }
  }
  return Array.from(counts, ([organisation, count]) => ({ organisation, share: count / total }))
}
