// Single flux with several addresses an answer. What that is in numbers is flux-set.ts's business.
import { drawsOf } from './benign-draws.ts'
import { drawFluxSet } from './flux-set.ts'
import type { MemberGroup } from './member.ts'
import { singleMember } from './single-member.ts'
import { TWO_HOURS } from './watch-times.ts'

export const singleFlux: MemberGroup = {
  group: 'single-flux',
  watchSeconds: TWO_HOURS,
  draw(context) {
    const draws = drawsOf(context.dice)
    return singleMember(context, draws, drawFluxSet(context, draws))
  },
}
