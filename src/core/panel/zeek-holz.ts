// The Holz score as a Zeek script scales it: by the share of ASNs in the addresses, so that large pools of one owner sink.
import { HOLZ_THRESHOLD } from './holz-2008.ts'
import type { PanelDetector } from './panel-detector.ts'

const TTL_THRESHOLD_SECONDS = 1800

/** (nASN ÷ nA) · (1.32 · nA + 18.54 · nASN), not rounded; flux if > 142.38. `addresses` at least 1. No unit. */
export function zeekScore(addresses: number, asns: number): number {
  return (asns / addresses) * (1.32 * addresses + 18.54 * asns)
}

export const zeekHolz: PanelDetector = {
  detector: 'zeek-anomalous-dns',
  computes: 'The Holz score × ASNs ÷ addresses',
  threshold: HOLZ_THRESHOLD,
  meaning:
    'The Holz score × ASNs ÷ addresses. Flags above 142.38. Not defined where every answer’s TTL is above 1,800 s. The script reads the TTL of what clients are given; we take the smallest, which admits most.',
  source: 'jbaggs/anomalous-dns, an-dns-fast_flux.zeek; after Seth Hall and Brian Kellogg',
  blindSpot:
    'Needs eight ASNs at least, so all regional and all slow flux is missed at first; volunteer pools reach it at once.',
  leftOut:
    'Its whitelist (pool.ntp.org, chat.freenode.net), and that it forgets a name half an hour after its last answer.',
  measure(panelCase) {
    const asns = panelCase.table.value('a_asns')
    if (asns === null || panelCase.shortestTtlSeconds > TTL_THRESHOLD_SECONDS) return null
    return zeekScore(panelCase.table.count('a_addresses'), asns)
  },
}
