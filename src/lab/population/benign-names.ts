// Names of benign sites and their providers. Invented ones lie under top-level domains that nobody can register (see
// registry.ts); names on the product's context lists are the groups' business.
import type { Draws } from './benign-draws.ts'

const FIRST =
  'amber brisk cedar copper dapple ember fallow gentle harbour ivory juniper kindle larch maple nimble ochre pebble quiet russet silver tawny umber velvet willow yonder'.split(
    ' ',
  )
const SECOND =
  'anchor barn bridge canvas crossing dairy field forge garden hall inlet journal kiln ledger market meadow mill orchard parcel press quarry studio tannery theatre wharf'.split(
    ' ',
  )
const TLDS = ['example', 'qz', 'zz'] as const

/** A registrable domain. The label keeps the domains of one member apart. */
export function inventApex(draws: Draws, label: string): string {
  const first = draws.oneOf(FIRST, `${label} first`)
  const second = draws.oneOf(SECOND, `${label} second`)
  const number = draws.whole([10, 9999], `${label} number`)
  return `${first}-${second}-${number}.${draws.oneOf(TLDS, `${label} tld`)}`
}

/** The apex itself or a name below it. */
export function inventHost(draws: Draws, apex: string, labels: readonly string[]): string {
  return draws.chance(0.35, 'host is apex') ? apex : `${draws.oneOf(labels, 'host label')}.${apex}`
}
