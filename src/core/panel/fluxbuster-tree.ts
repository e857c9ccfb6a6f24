// The decision tree that was released with FluxBuster (Weka J48), as it stands in the model file: splits, and at each leaf how
// many flux and other clusters of the training set ended there. Only the tree; what is asked of it is fluxbuster-2012.ts.

/** Features of a cluster of names that share addresses. Null: unknown. */
export interface ClusterFeatures {
  /** Distinct addresses. */
  readonly networkCardinality: number | null
  /** Entropy of the addresses over their /16s ÷ log of their number, 0…1. */
  readonly networkPrefixes: number | null
  /** Names that these addresses served in the past days. */
  readonly domainsPerNetwork: number | null
  readonly numberOfDomains: number | null
  /** Mean TTL; seconds. */
  readonly ttlPerDomain: number | null
  /** Mean of distinct addresses ÷ queries. */
  readonly ipGrowthRatio: number | null
}

interface Leaf {
  readonly flux: number
  readonly other: number
}

interface Split {
  readonly feature: keyof ClusterFeatures
  /** Values up to this one go to `low`. */
  readonly at: number
  readonly low: TreeNode
  readonly high: TreeNode
}

type TreeNode = Leaf | Split

function split(feature: keyof ClusterFeatures, at: number, low: TreeNode, high: TreeNode): Split {
  return { feature, at, low, high }
}

function leaf(flux: number, other: number): Leaf {
  return { flux, other }
}

const SHORT_TTL = split(
  'ipGrowthRatio',
  0.968504,
  split('networkCardinality', 30, leaf(0, 72), split('networkCardinality', 34, leaf(2, 0), leaf(0, 10))),
  split('domainsPerNetwork', 24, leaf(0, 2), leaf(3, 0)),
)
const FEW_PREFIXES = split('domainsPerNetwork', 1220, leaf(0, 22), leaf(18, 0))
const FEW_DOMAINS = split(
  'ipGrowthRatio',
  0.707831,
  split('numberOfDomains', 32, split('ttlPerDomain', 234.825, leaf(2, 0), leaf(1, 19)), leaf(3, 0)),
  leaf(65, 0),
)
const TREE = split(
  'ipGrowthRatio',
  0.122066,
  leaf(0, 1915),
  split(
    'ttlPerDomain',
    30.1816,
    SHORT_TTL,
    split(
      'networkPrefixes',
      0.411765,
      FEW_PREFIXES,
      split('domainsPerNetwork', 108, FEW_DOMAINS, leaf(926, 0)),
    ),
  ),
)

/**
 * Probability of flux, 0…1: the share of flux at the leaf. Where the feature of a split is null, both sides count, each by its
 * share of the training set, which is how C4.5 (and so Weka's J48) treats a missing value.
 */
export function fluxbusterProbability(cluster: ClusterFeatures): number {
  return probabilityAt(TREE, cluster)
}

function probabilityAt(node: TreeNode, cluster: ClusterFeatures): number {
  if (!('feature' in node)) return node.flux / (node.flux + node.other)
  const value = cluster[node.feature]
  if (value !== null) return probabilityAt(value <= node.at ? node.low : node.high, cluster)
  const [low, high] = [trainedOn(node.low), trainedOn(node.high)]
  return (probabilityAt(node.low, cluster) * low + probabilityAt(node.high, cluster) * high) / (low + high)
}

function trainedOn(node: TreeNode): number {
  return 'feature' in node ? trainedOn(node.low) + trainedOn(node.high) : node.flux + node.other
}
