// What an assessment teaches about addresses: which of a domain's agents may speak against other names, and by which a name is only
// found among others. The guard against guilt by association gone wrong stands here; how long it is remembered is the store's business.
import { listedOwner } from '../detect/context/listed-owner.ts'
import { isNearlyFlux } from '../detect/flux-bar.ts'
import { standsAlone } from '../detect/stands-alone.ts'
import { networkKind } from '../features/network-kind.ts'
import type { Enrichment } from '../model/address-facts.ts'
import type { Assessment, FluxType } from '../model/assessment.ts'
import type { Policy } from '../policy.ts'
import type { Agent, AgentRole } from './agents.ts'
import { LEAST_SHARED } from './link-weight.ts'

/**
 * Fewer addresses than this in a day are no pool any more: a flagged name that was seized sits on a sinkhole or a parking
 * page. 3: the youngest networks that FluXOR (Passerini et al., DIMVA 2008) found had 3 to 5 agents after an hour.
 */
const LEAST_AGENTS = 3

const ROLES_OF: Readonly<Record<FluxType, readonly AgentRole[]>> = {
  single: ['address'],
  ns: ['name_server'],
  double: ['address', 'name_server'],
}

/**
 * The agents that are to be noted as serving a flagged name. None unless the verdict is flux and stands on its own.
 *
 * Only the role that fluxes. Not the addresses of a name that a context list explains, nor those of a listed owner, whose
 * addresses serve many customers at once. Not the odd ones out: of a set that sits mostly with access providers those at
 * hosting companies are left out. Operators mix in reputable addresses (Akamai 2017), and who else lives there must not pay.
 *
 * `agents`: those of the last day.
 */
export function taughtAgents(
  assessment: Assessment,
  agents: readonly Agent[],
  enrichment: Enrichment,
  policy: Policy,
): readonly Agent[] {
  return standsAlone(assessment, policy) ? ownAgents(assessment, agents, enrichment) : []
}

/** The same whether or not the verdict stands on its own: by these a flagged name can be found among others. */
export function ownAgents(
  { fluxType, context }: Pick<Assessment, 'fluxType' | 'context'>,
  agents: readonly Agent[],
  enrichment: Enrichment,
): readonly Agent[] {
  return fluxType === null ? [] : guarded(ROLES_OF[fluxType], context, agents, enrichment)
}

/**
 * The agents by which a name that is not flagged, but nearly (flux-bar.ts), is listed with the network that it fits. None of every
 * other name, and none of one that has fewer than two addresses in common with flagged names.
 *
 * In which half it fluxes is not decided yet: both. Neighbours may have lifted it over the bar, and no loop comes of that: what is
 * listed counts nowhere, neither as a neighbour nor in a network.
 *
 * `shared`: addresses of the name at which another one was flagged.
 */
export function listedAgents(
  assessment: Assessment,
  agents: readonly Agent[],
  shared: number,
  enrichment: Enrichment,
  policy: Policy,
): readonly Agent[] {
  if (shared < LEAST_SHARED || !isNearlyFlux(assessment, policy)) return []
  return guarded(ROLES_OF.double, assessment.context, agents, enrichment)
}

function guarded(
  roles: readonly AgentRole[],
  context: Assessment['context'],
  agents: readonly Agent[],
  enrichment: Enrichment,
): readonly Agent[] {
  return roles
    .filter((role) => role === 'name_server' || context.length === 0)
    .map((role) => agents.filter((agent) => agent.role === role))
    .map((pool) => withoutOthersHouses(pool, enrichment))
    .filter((pool) => pool.length >= LEAST_AGENTS)
    .flat()
}

function withoutOthersHouses(pool: readonly Agent[], enrichment: Enrichment): readonly Agent[] {
  const placed = pool.map((agent) => ({ agent, facts: enrichment.factsOf(agent.address) }))
  const own = placed
    .filter(({ facts }) => facts.organisation === null || listedOwner(facts.organisation) === null)
    .map(({ agent, facts }) => ({ agent, kind: networkKind(facts) }))
  const access = own.filter(({ kind }) => kind === 'access').length
  const server = own.filter(({ kind }) => kind === 'server').length
  return own.filter(({ kind }) => kind !== 'server' || access <= server).map(({ agent }) => agent)
}
