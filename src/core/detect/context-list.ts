// Names that are known to look like flux and to be something else. A match lowers the confidence in a fluxing address set,
// visibly and by so many nats at most; it never vetoes and never hides an observation: anybody can point a CNAME at a CDN.
// Which names are compared is decided in steady-alias.ts, what the match costs in the end in posterior.ts.
// Hand-written. Every deployed detector ended up with such a list; this one is short on purpose.
import { isSubdomainOf } from '../names/registrable-domain.ts'
import type { ContextMatch } from '../model/assessment.ts'

export interface ContextEntry {
  readonly list: string
  /** The entry matches this name and everything under it. */
  readonly suffix: string
  /** Nats added to the log-odds of the address set, at most. */
  readonly effect: number
  readonly source: string
}

// Effects hand-set, unvalidated. −4: a listed pool with 20 networks ends under the bar; moving name servers still show.
const VOLUNTEER_POOL = { list: 'volunteer-pools', effect: -4 } as const
const CDN = { list: 'cdn-names', effect: -2 } as const

const NTP = 'ntppool.org: four random servers an answer, TTL 150; on the lists of Zeek and FluxBuster'
const SEED = 'Bitcoin Core, chainparams.cpp; bluematt.me is on the list of FluxBuster'
const IRC = 'IRC round robin; named as false positive by Zeek anomalous-dns and Perdisci et al.'
const MIRROR = 'FluXOR (Passerini et al., DIMVA 2008): mirrors in many networks'
const VENDOR = 'the vendor’s own documentation'

export const CONTEXT_LIST: readonly ContextEntry[] = [
  { ...VOLUNTEER_POOL, suffix: 'pool.ntp.org', source: NTP },
  { ...VOLUNTEER_POOL, suffix: 'seed.bitcoin.sipa.be', source: SEED },
  { ...VOLUNTEER_POOL, suffix: 'dnsseed.bluematt.me', source: SEED },
  { ...VOLUNTEER_POOL, suffix: 'seed.bitcoin.jonasschnelli.ch', source: SEED },
  { ...VOLUNTEER_POOL, suffix: 'seed.btc.petertodd.net', source: SEED },
  { ...VOLUNTEER_POOL, suffix: 'seed.bitcoin.sprovoost.nl', source: SEED },
  { ...VOLUNTEER_POOL, suffix: 'dnsseed.emzy.de', source: SEED },
  { ...VOLUNTEER_POOL, suffix: 'irc.libera.chat', source: IRC },
  { ...VOLUNTEER_POOL, suffix: 'chat.freenode.net', source: IRC },
  { ...VOLUNTEER_POOL, suffix: 'irc.efnet.org', source: IRC },
  { ...VOLUNTEER_POOL, suffix: 'irc.rizon.net', source: IRC },
  { ...VOLUNTEER_POOL, suffix: 'database.clamav.net', source: MIRROR },
  { ...VOLUNTEER_POOL, suffix: 'coralcdn.org', source: MIRROR },
  { ...CDN, suffix: 'akamai.net', source: VENDOR },
  { ...CDN, suffix: 'akamaiedge.net', source: VENDOR },
  { ...CDN, suffix: 'akadns.net', source: VENDOR },
  { ...CDN, suffix: 'edgesuite.net', source: VENDOR },
  { ...CDN, suffix: 'edgekey.net', source: VENDOR },
  { ...CDN, suffix: 'cloudfront.net', source: VENDOR },
  { ...CDN, suffix: 'elb.amazonaws.com', source: VENDOR },
  { ...CDN, suffix: 'cdn.cloudflare.net', source: VENDOR },
  { ...CDN, suffix: 'fastly.net', source: VENDOR },
  { ...CDN, suffix: 'fastlylb.net', source: VENDOR },
  { ...CDN, suffix: 'azureedge.net', source: VENDOR },
  { ...CDN, suffix: 'azurefd.net', source: VENDOR },
  { ...CDN, suffix: 'trafficmanager.net', source: VENDOR },
  { ...CDN, suffix: 'footprint.net', source: VENDOR },
  { ...CDN, suffix: 'b-cdn.net', source: VENDOR },
]

/** The first matching entry of each list, for the name itself and the steady CNAME targets on the way to its addresses. */
export function matchContext(names: readonly string[]): readonly ContextMatch[] {
  const byList = new Map<string, ContextMatch>()
  for (const { list, suffix, effect } of CONTEXT_LIST) {
    if (byList.has(list) || !names.some((name) => isSubdomainOf(name, suffix))) continue
    byList.set(list, { list, entry: suffix, effect })
  }
  return [...byList.values()]
}
