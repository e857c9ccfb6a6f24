// IPv6 addresses as the eight numbers that RFC 5952 writes: read from that one form alone, and fast, for most addresses are in it.
// Every other spelling is address.ts's business.

const COLON = 58

/**
 * The groups that "::" stands for: the longest run of two or more zeros, the first of equal ones. None: start and end are 8.
 * `held`: as `groupsHeld` has them.
 */
export function longestZeros(held: number): { readonly start: number; readonly end: number } {
  let start = 8
  let length = 1
  for (let index = 0, run = 0; index < 8; index += 1) {
    run = (held & (1 << index)) === 0 ? run + 1 : 0
    if (run > length) {
      length = run
      start = index - run + 1
    }
  }
  return { start, end: start === 8 ? 8 : start + length }
}

/** The eight groups of an address in the form of RFC 5952; null for every other text. */
export function canonicalGroups(text: string): readonly number[] | null {
  if (text.length > 39) return null
  const groups: number[] = []
  let gap = -1
  let index = 0
  while (index < text.length) {
    if (text.charCodeAt(index) === COLON) {
      // Two of them, once: after a group the first of both was taken already.
      if (gap >= 0) return null
      if (groups.length === 0 && text.charCodeAt(++index) !== COLON) return null
      gap = groups.length
      index += 1
      continue
    }
    let group = 0
    const first = index
    for (; index < text.length && text.charCodeAt(index) !== COLON; index += 1) {
      const digit = hexDigit(text.charCodeAt(index))
      // No leading zeros, at most four digits.
      if (digit < 0 || index - first > 3 || (index > first && group === 0)) return null
      group = group * 16 + digit
    }
    groups.push(group)
    if (groups.length > 8) return null
    if (index < text.length && ++index === text.length) return null
  }
  if (gap < 0) return groups.length === 8 && longestZeros(groupsHeld(groups)).start === 8 ? groups : null
  const zeros = 8 - groups.length
  if (zeros < 2) return null
  groups.splice(gap, 0, ...Array.from({ length: zeros }, () => 0))
  const { start, end } = longestZeros(groupsHeld(groups))
  return start === gap && end === gap + zeros ? groups : null
}

/** A bit for each group that is not zero, the first one lowest. */
export function groupsHeld(groups: readonly number[]): number {
  let held = 0
  for (let index = 0; index < 8; index += 1) if (groups[index] !== 0) held |= 1 << index
  return held
}

/** Lower case only; -1 for what is none. */
function hexDigit(code: number): number {
  if (code >= 48 && code <= 57) return code - 48
  return code >= 97 && code <= 102 ? code - 87 : -1
}
