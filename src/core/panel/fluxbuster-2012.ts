// FluxBuster (Perdisci, Corona, Giacinto, IEEE TDSC 2012) on one name: its released candidate filter, then its released tree.
// One name stands for a cluster of one; how many other names its addresses served is not known to the panel, and the tree
// treats that as C4.5 treats a missing value.
import { fluxbusterProbability } from './fluxbuster-tree.ts'
import type { PanelDetector } from './panel-detector.ts'

const LONGEST_TTL_SECONDS = 3 * 3600
const SHORT_TTL_SECONDS = 30

export const fluxbuster2012: PanelDetector = {
  detector: 'fluxbuster-2012',
  computes: 'The probability of flux at the leaf of the released tree',
  threshold: 0.5,
  meaning:
    'Probability of flux at the leaf of the released J48 tree, of the name as a cluster of one. Flags above 0.5. Only asked for what its ingest admits: TTL ≤ 10,800 s, answers of 3 addresses or TTL ≤ 30 s, 5 addresses, /16 entropy ÷ log of their number above 0.5. Growth is distinct addresses ÷ fresh answers, the TTL is the largest of a fresh answer.',
  source:
    'Perdisci, Corona, Giacinto: Early Detection of Malicious Flux Networks via Large-Scale Passive DNS Traffic Analysis, IEEE TDSC 9(5), 2012; code and model perdisci/fluxbuster',
  blindSpot:
    'Trained on clusters after half a day of passive DNS: in the first looks every diverse set grows. Answers with a TTL of 30 s and less flag only when nearly each brings new addresses. Name servers do not count.',
  leftOut:
    'The names that the same addresses served (the strongest split of the tree): missing, so the training set’s shares count, which speak for flux. Its whitelist; the waiting time of 12 hours.',
  measure({ table, widestAnswer }) {
    const ttl = table.value('a_ttl_max')
    const prefixes = table.value('a_slash16_entropy')
    if (ttl === null || ttl > LONGEST_TTL_SECONDS || (widestAnswer < 3 && ttl > SHORT_TTL_SECONDS))
      return null
    const addresses = table.count('a_addresses')
    if (addresses < 5 || prefixes === null || prefixes <= 0.5) return null
    return fluxbusterProbability({
      networkCardinality: addresses,
      networkPrefixes: prefixes,
      domainsPerNetwork: null,
      numberOfDomains: 1,
      ttlPerDomain: ttl,
      ipGrowthRatio: addresses / table.count('a_fresh_answers'),
    })
  },
}
