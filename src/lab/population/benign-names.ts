// Names of benign sites and their providers. Invented ones lie under top-level domains that nobody can register (see
// registry.ts); names on the product's context lists are the groups' business.
import { registrableDomain } from '../../core/names/registrable-domain.ts'
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

interface DrawnName {
  readonly apex: string
  readonly host: string
}

/** One of the listed hosts in as many members as `share` says (0…1), otherwise a label below an invented domain. */
export function listedOrInvented(
  draws: Draws,
  options: { readonly listed: readonly string[]; readonly share: number; readonly labels: readonly string[] },
): DrawnName {
  if (draws.chance(options.share, 'listed')) {
    const host = draws.oneOf(options.listed, 'listed name')
    return { host, apex: registrableDomain(host) ?? host }
  }
  const apex = inventApex(draws, 'site')
  return { apex, host: `${draws.oneOf(options.labels, 'host label')}.${apex}` }
}
