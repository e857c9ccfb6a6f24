// A member whose A set fluxes and whose name servers stay: what single flux of every kind has in common, evasions too.
import type { Draws } from './benign-draws.ts'
import { drawFailureRatio, frameFluxZone, inventFluxName } from './flux-name.ts'
import type { Drawn } from './flux-name.ts'
import { showing } from './flux-set.ts'
import type { Show } from './flux-set.ts'
import type { DrawContext, Truth } from './member.ts'
import { drawStableServers } from './stable-servers.ts'

/** What the name shows, and what was drawn to make it so. */
export function singleMember(
  context: DrawContext,
  draws: Draws,
  shown: {
    readonly show: Show
    readonly ttlSeconds: number
    readonly addresses: Truth['addresses']
    readonly parameters: Readonly<Record<string, string | number>>
  },
  isEvasion = false,
): Drawn {
  const name = inventFluxName(draws)
  const servers = drawStableServers(context, draws, name.apex)
  return {
    isEvasion,
    truth: { fluxType: 'single', addresses: shown.addresses, nameServers: servers.nameServers },
    host: name.host,
    zone: frameFluxZone(name, showing(shown.show, shown.ttlSeconds), servers),
    infrastructure: servers.infrastructure,
    failureRatio: drawFailureRatio(draws),
    parameters: { form: shown.addresses, ...shown.parameters, ...servers.parameters },
  }
}
