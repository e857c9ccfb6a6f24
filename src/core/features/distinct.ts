// Counting distinct values of the members of a pool.
import type { Measured } from './feature-definition.ts'
import type { Member } from './pool.ts'

/** Distinct non-null values of `read` over the members; support: members that have one. Null when none has. */
export function countDistinct(
  members: readonly Member[],
  read: (member: Member) => string | number | null,
): Measured {
  const values = new Set<string | number>()
  let support = 0
  for (const member of members) {
    const value = read(member)
    if (value === null) continue
    support += 1
    values.add(value)
  }
  return { value: support === 0 ? null : values.size, support }
}
