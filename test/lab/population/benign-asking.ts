// Asks benign members over time, through the name space that a watch gives them.
import { nameSpaceOf } from '../../../src/lab/watch/watch-member.ts'
import { BENIGN_GROUPS } from '../../../src/lab/population/benign-groups.ts'
import type { Member, MemberGroup, Split } from '../../../src/lab/population/member.ts'
import { populationPlan } from '../../../src/lab/population/population-plan.ts'
import { createDice } from '../../../src/lab/random.ts'
import type { LabRegion } from '../../../src/lab/regions.ts'

export const START_AT = Date.UTC(2026, 0, 5, 12)

function groupNamed(name: string): MemberGroup {
  const group = BENIGN_GROUPS.find(({ group: known }) => known === name)
  if (!group) throw new Error(`there is no benign group ${name}`)
  return group
}

/** On the plan of `planOf` when it is given, else on the split's own. */
export function drawBenign(group: MemberGroup, split: Split, index: number, planOf: Split = split): Member {
  const plan = populationPlan(planOf)
  const dice = createDice(createDice(`test ${group.group} ${index}`).below(2 ** 32, 'member'))
  return { ...group.draw({ split, dice, startAt: START_AT, plan }), group: group.group, plan }
}

export function drawMany(name: string, count: number, split: Split = 'report'): Member[] {
  return Array.from({ length: count }, (_, index) => drawBenign(groupNamed(name), split, index))
}

/** The sorted addresses of one answer. */
type Look = readonly string[]

/** A question every `stepSeconds`, from each of the regions at once. */
export function looksAt(
  member: Member,
  options: {
    readonly count: number
    readonly stepSeconds: number
    readonly regions?: readonly LabRegion[]
    readonly type?: 'A' | 'AAAA'
  },
): Look[] {
  const { count, stepSeconds, regions = ['eu'], type = 'A' } = options
  const space = nameSpaceOf(member)
  return Array.from({ length: count }, (_, step) => START_AT + step * stepSeconds * 1000).flatMap((at) =>
    regions.map((region) =>
      space
        .resolveMinimally({ name: member.host, type }, { at, region })
        .answer.filter((record) => record.type === type)
        .map(({ data }) => data)
        .toSorted(),
    ),
  )
}

export function distinct(looks: readonly Look[]): Set<string> {
  return new Set(looks.flat())
}

export function asnsOf(member: Member, addresses: Iterable<string>): Set<number | null> {
  return new Set([...addresses].map((address) => member.plan.factsOf(address).asn))
}

export function kindsOf(member: Member, addresses: Iterable<string>): (string | undefined)[] {
  return [...addresses].map((address) => member.plan.networkOf(address)?.kind)
}

/** How often one look's set differs from the one before. */
export function changesIn(looks: readonly Look[]): number {
  return looks.filter((look, index) => index > 0 && look.join() !== looks[index - 1]!.join()).length
}
