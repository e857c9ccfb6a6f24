// The benign groups of the population.
import type { MemberGroup } from './member.ts'

export const BENIGN_GROUPS: readonly MemberGroup[] = []
