// Evasions by what stands among the agents or instead of them: reputable servers (injected-benign-flux), rented machines
// (cloud-flux), addresses of nobody (dead-padding-flux). Truth is single flux: the agents move as in flux-set.ts.
import { addressIn } from '../address-plan.ts'
import type { Dice } from '../random.ts'
import { drawsOf } from './benign-draws.ts'
import type { Draws, Range } from './benign-draws.ts'
import { largestFirst, rounded, tailWeights } from './flux-campaign.ts'
import { drawFluxSet } from './flux-set.ts'
import type { FluxSet, Show } from './flux-set.ts'
import type { DrawContext, MemberGroup, Split } from './member.ts'
import { singleMember } from './single-member.ts'
import { UNROUTED_FIRST_OCTETS } from './prefix-stock.ts'
import { TWO_HOURS } from './watch-times.ts'

/**
 * Akamai (2017) saw addresses of large companies among 14,000 agents and believed the records spoofed. How many of the shown are, and
 * out of how many, is hand-set.
 */
const INJECTED: Readonly<Record<Split, { share: Range; kept: Range }>> = {
  fit: { share: [0.1, 0.35], kept: [4, 40] },
  report: { share: [0.15, 0.4], kept: [5, 60] },
}

export const injectedBenignFlux: MemberGroup = {
  group: 'injected-benign-flux',
  watchSeconds: TWO_HOURS,
  draw(context) {
    const draws = drawsOf(context.dice)
    const { share, kept } = INJECTED[context.split]
    const { plan, dice } = context
    const kinds = ['hosting', 'cloud', 'cdn', 'volunteer'] as const
    const reputable = Array.from({ length: draws.whole(kept, 'kept') }, (_, index) => {
      const system = draws.oneOf(plan.systemsOf(draws.oneOf(kinds, `kind ${index}`)), `reputable ${index}`)
      return addressIn(system, {}, dice, 'reputable', index)
    })
    return mixedMember(context, draws, reputable, draws.real(share, 'share'))
  },
}

/** "Failing agents" pad the answers so that growth looks large and contact fails; the share is hand-set. */
const DEAD_SHARE: Readonly<Record<Split, Range>> = { fit: [0.15, 0.4], report: [0.2, 0.5] }
const SPECIAL_PURPOSE = [
  '10.0.0.',
  '127.0.0.',
  '192.168.1.',
  '0.0.0.',
  '169.254.7.',
  '203.0.113.',
  '240.0.0.',
]

export const deadPaddingFlux: MemberGroup = {
  group: 'dead-padding-flux',
  watchSeconds: TWO_HOURS,
  draw(context) {
    const draws = drawsOf(context.dice)
    const dead = Array.from({ length: draws.whole([5, 80], 'dead') }, (_, index) =>
      deadAddress(context.dice, index),
    )
    return mixedMember(context, draws, dead, draws.real(DEAD_SHARE[context.split], 'share'))
  },
}

/** Half of them of special-purpose blocks, half of unicast space that no network of the plan announces. */
function deadAddress(dice: Dice, index: number): string {
  const octet = (label: string): number => 1 + dice.below(254, label, index)
  if (dice.ratio('special', index) < 0.5) {
    return `${SPECIAL_PURPOSE[dice.below(SPECIAL_PURPOSE.length, 'block', index)]}${octet('last')}`
  }
  const first = UNROUTED_FIRST_OCTETS[dice.below(UNROUTED_FIRST_OCTETS.length, 'first', index)]
  return `${first}.${octet('second')}.${octet('third')}.${octet('last')}`
}

function mixedMember(
  context: DrawContext,
  draws: Draws,
  others: readonly string[],
  share: number,
): ReturnType<MemberGroup['draw']> {
  const set = drawFluxSet(context, draws)
  return singleMember(
    context,
    draws,
    {
      ...set,
      show: mixedIn(set, others, share, context.dice),
      parameters: { ...set.parameters, others: others.length, othersShare: rounded(share) },
    },
    true,
  )
}

/** Each seat of the answer is with that chance one of the others', who change as often as the agents. */
function mixedIn(set: FluxSet, others: readonly string[], share: number, dice: Dice): Show {
  return (at, region) => {
    const agents = set.show(at, region)
    const mixed = agents.map((agent) =>
      // By the agent: who stays keeps his neighbour.
      dice.ratio('mixed', agent) < share ? others[dice.below(others.length, 'other', agent)]! : agent,
    )
    return [...new Set(mixed)]
  }
}

/** Rented machines of clouds and hosters; "weak literature": the counts are hand-set. */
const CLOUD_SYSTEMS: Readonly<Record<Split, Range>> = { fit: [10, 60], report: [8, 80] }

export const cloudFlux: MemberGroup = {
  group: 'cloud-flux',
  watchSeconds: TWO_HOURS,
  draw(context) {
    const draws = drawsOf(context.dice)
    const { plan, split } = context
    const count = draws.whole(CLOUD_SYSTEMS[split], 'cloud-systems')
    const systems = largestFirst(
      draws,
      [...plan.systemsOf('cloud'), ...plan.systemsOf('hosting')],
      count,
      'cloud',
    )
    const weights = tailWeights(systems.length, 0.5)
    const homes = { systems, weights, parameters: { cloudSystems: count } }
    return singleMember(context, draws, drawFluxSet(context, draws, { homes }), true)
  },
}
