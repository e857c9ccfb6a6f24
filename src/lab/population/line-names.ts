// The PTR names of the population's addresses: consumer lines and servers as providers name them, in several styles. Whether anybody
// looks them up is the watch's business.
import type { LabNetwork } from '../autonomous-systems.ts'
import type { Dice } from '../random.ts'

/**
 * Shares, ratio 0…1, hand-set after what providers do: how many addresses have a PTR name at all, by provider between the bounds;
 * and of the consumer providers those whose names look dynamic (φ11 of Perdisci et al., ACSAC 2009, reads such words).
 */
const NAMED_AT_CONSUMERS = [0.25, 0.95] as const
const NAMED_AT_SERVERS = [0.45, 0.95] as const
const DYNAMIC_STYLE_SHARE = 0.7

type Style = (dashed: string, dotted: string, code: string, domain: string) => string

const DYNAMIC_STYLES: readonly Style[] = [
  (dashed, _, __, domain) => `dsl-${dashed}.pool.${domain}`,
  (dashed, _, __, domain) => `${dashed}.dynamic.${domain}`,
  (_, dotted, __, domain) => `${dotted}.dyn.user.${domain}`,
  (_, __, code, domain) => `cpe-${code}.res.${domain}`,
  (_, __, code, domain) => `c-${code}.cable.${domain}`,
  (dashed, _, __, domain) => `pool-${dashed}.ftth.${domain}`,
  (dashed, _, __, domain) => `host-${dashed}.broadband.${domain}`,
  (_, __, code, domain) => `ppp${code}.dialup.${domain}`,
]
const PLAIN_STYLES: readonly Style[] = [
  (dashed, _, __, domain) => `ip-${dashed}.${domain}`,
  (_, dotted, __, domain) => `${dotted}.${domain}`,
  (_, __, code, domain) => `h${code}.${domain}`,
  (dashed, _, __, domain) => `static-${dashed}.${domain}`,
  (_, __, code, domain) => `anschluss${code}.${domain}`,
]
const SERVER_STYLES: readonly Style[] = [
  (_, dotted, __, domain) => `static.${dotted}.clients.${domain}`,
  (_, __, code, domain) => `srv${code}.${domain}`,
  (_, __, code, domain) => `vps-${code}.${domain}`,
  (dashed, _, __, domain) => `ec-${dashed}.compute.${domain}`,
  (_, __, code) => `mail.kunde-${code}.example`,
  (dashed, _, __, domain) => `${dashed}.${domain}`,
]
const TLDS = ['net', 'com', 'info', 'net.br', 'ro', 'de', 'co.uk', 'pl']

/** The PTR name of an address of the network, lower case; null when it has none. The same address has the same name. */
export function lineName(address: string, network: LabNetwork, dice: Dice): string | null {
  if (network.kind === 'registry') return null
  const isConsumer = network.kind === 'consumer'
  const [least, most] = isConsumer ? NAMED_AT_CONSUMERS : NAMED_AT_SERVERS
  const named = least + (most - least) * dice.ratio('named', network.asn)
  if (dice.ratio('line', address) >= named) return null
  const styles = isConsumer
    ? dice.ratio('dynamic', network.asn) < DYNAMIC_STYLE_SHARE
      ? DYNAMIC_STYLES
      : PLAIN_STYLES
    : SERVER_STYLES
  const style = styles[dice.below(styles.length, 'style', network.asn)]!
  // Brand names hold letters only.
  const domain = `${network.organisation.split(' ')[0]!.toLowerCase()}.${TLDS[dice.below(TLDS.length, 'tld', network.asn)]}`
  const dashed = address.replaceAll(/[.:]+/g, '-')
  const dotted = dashed.split('-').toReversed().join('.')
  return style(dashed, dotted, dice.below(2 ** 24, 'code', address).toString(16), domain)
}
