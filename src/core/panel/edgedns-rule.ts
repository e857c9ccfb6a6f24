// The rule of a hosted look-up service (EdgeDNS): a short TTL, rotation, and addresses that are not mainly in CDN ASNs.
// Its list of CDN ASNs is not published. Ours is short: what is not on it counts as "not a CDN", so that more flags.
import type { Holder } from '../features/holders.ts'
import type { PanelDetector } from './panel-detector.ts'

const SHORT_SECONDS = 300
/** Akamai (16625, 20940), Cloudflare, Fastly, Edgio and Limelight (15133, 22822), CDN77, Imperva, Amazon, Google, Microsoft. */
const CDN_ASNS: ReadonlySet<number> = new Set([
  16625, 20940, 13335, 54113, 15133, 22822, 60068, 19551, 16509, 15169, 8075,
])

/** Whether more than half of the addresses with a known ASN are in ASNs of CDNs; false when none is known. */
export function isMainlyCdn(holders: readonly Holder[]): boolean {
  let known = 0
  let cdn = 0
  for (const { owner, count } of holders) {
    if (owner.asn === null) continue
    known += count
    if (CDN_ASNS.has(owner.asn)) cdn += count
  }
  return cdn > known / 2
}

export const edgednsRule: PanelDetector = {
  detector: 'edgedns',
  computes: 'The number of conditions that hold (of three: short TTL, rotation, not mainly a CDN)',
  threshold: 2,
  meaning:
    'Conditions that hold, of three: TTL < 300 s · rotation (a vantage saw A addresses beyond its first look) · not more than half of the addresses in ASNs of CDNs. Flags when all three do. The TTL is the largest of a fresh answer. Not defined before a second look.',
  source: 'EdgeDNS, a hosted DNS intelligence service; rule as described in public',
  blindSpot:
    'A TTL under 300 s and a change are what cloud balancers, volunteer pools and dynamic DNS show every day. Flux with a TTL of 300 s and more is missed.',
  leftOut:
    'Its own list of CDN ASNs, which is not published; ours has eleven. It looks once, we look for as long as we watch.',
  measure({ view, table }) {
    const ttlSeconds = table.value('a_ttl_max')
    const growth = table.value('a_growth')
    if (ttlSeconds === null || growth === null) return null
    return Number(ttlSeconds < SHORT_SECONDS) + Number(growth > 0) + Number(!isMainlyCdn(view.a.holders))
  },
}
