// Evasion by a reputable name: a steady CNAME leads to a name under a suffix that the product's context lists know, and that on to the
// agents (cname-to-cdn-flux). Truth is single flux.
import { createDice } from '../random.ts'
import { alias, frameZone } from '../zones/zone-frame.ts'
import { drawsOf } from './benign-draws.ts'
import { inventApex } from './benign-names.ts'
import { drawFailureRatio, frameFluxZone, inventFluxName } from './flux-name.ts'
import { drawFluxSet, showing } from './flux-set.ts'
import type { MemberGroup, Split } from './member.ts'
import { drawStableServers } from './stable-servers.ts'
import { TWO_HOURS } from './watch-times.ts'

/** Suffixes of CDNs, some of which let customers point a name at addresses of their own. */
const SUFFIXES: Readonly<Record<Split, readonly string[]>> = {
  fit: ['cdn.cloudflare.net', 'edgekey.net', 'cloudfront.net', 'azureedge.net'],
  report: ['cdn.cloudflare.net', 'akamaiedge.net', 'fastly.net', 'b-cdn.net'],
}

export const cnameToCdnFlux: MemberGroup = {
  group: 'cname-to-cdn-flux',
  watchSeconds: TWO_HOURS,
  draw(context) {
    const draws = drawsOf(context.dice)
    const { apex } = inventFluxName(draws)
    const host = `www.${apex}`
    const suffix = draws.oneOf(SUFFIXES[context.split], 'suffix')
    const edge = `c${draws.whole([1000, 9999], 'edge')}.${suffix}`
    const behindApex = inventApex(draws, 'behind')
    const behind = `pool.${behindApex}`
    const goesOn = draws.chance(0.5, 'goes-on')
    const set = drawFluxSet(context, draws)
    const showAgents = showing(set.show, set.ttlSeconds)
    const servers = drawStableServers(context, draws, apex)
    const provider = { ...context, dice: createDice(context.dice.below(2 ** 32, 'provider')) }
    const providerServers = drawStableServers(provider, drawsOf(provider.dice), suffix)
    return {
      isEvasion: true,
      truth: { fluxType: 'single', addresses: set.addresses, nameServers: servers.nameServers },
      host,
      zone: frameFluxZone({ apex, host }, alias(300, edge), servers, () => []),
      infrastructure: [
        ...servers.infrastructure,
        ...providerServers.infrastructure,
        frameZone({
          apex: suffix,
          nameServers: providerServers.servers,
          names: { [edge]: goesOn ? alias(60, behind) : showAgents },
        }),
        ...(goesOn
          ? [frameZone({ apex: behindApex, nameServers: servers.servers, names: { [behind]: showAgents } })]
          : []),
      ],
      failureRatio: drawFailureRatio(draws),
      parameters: {
        form: set.addresses,
        ...set.parameters,
        ...servers.parameters,
        suffix,
        aliases: goesOn ? 2 : 1,
      },
    }
  },
}
