// All groups of the population, and how one member of a group comes to be. How many of each are drawn is the bench's business.
import { createDice } from '../random.ts'
import { BENIGN_GROUPS } from './benign-groups.ts'
import { FLUX_GROUPS } from './flux-groups.ts'
import type { Member, MemberGroup, Split } from './member.ts'
import { populationPlan } from './population-plan.ts'

export const MEMBER_GROUPS: readonly MemberGroup[] = [...FLUX_GROUPS, ...BENIGN_GROUPS]

/**
 * The `index`-th member (0, 1, …) of a group, for a watch that begins at `startAt` (ms since the epoch). The same arguments give the
 * same member; another `seed` gives another population of the same split.
 */
export function drawMember(
  group: MemberGroup,
  split: Split,
  index: number,
  startAt: number,
  seed: number | string = 1,
): Member {
  const plan = populationPlan(split)
  // Short: every draw of the member hashes it again.
  const dice = createDice(createDice(`${seed} ${split} ${group.group} ${index}`).below(2 ** 32, 'member'))
  return { ...group.draw({ split, dice, startAt, plan }), group: group.group, plan }
}
