// The prefixes that are left for the networks of one split. The two splits draw from different halves of the unicast space.
import type { Dice } from '../random.ts'
import type { Split } from './member.ts'

export interface PrefixStock {
  /** `count` IPv4 prefixes with lengths out of `lengths` (16…24), each within a /16 of its own; neighbours where it can be. */
  takeV4(count: number, lengths: readonly number[]): readonly string[]
  /** An IPv6 /32. */
  takeV6(): string
}

/** First octets with special-purpose blocks in them (RFC 6890 and followers); nothing of them is given out. */
const SPECIAL_FIRST_OCTETS = new Set([0, 10, 100, 127, 169, 172, 192, 198, 203])
/** Given to nobody, so that an address there is routed by nobody. */
export const UNROUTED_FIRST_OCTETS: readonly number[] = [7, 11, 21, 22, 26, 28, 29, 30, 33, 55]
const LAST_UNICAST_OCTET = 223
/** Four neighbouring /16s, a /14: what real registries hand to one owner at a time. */
const RUN = 4

export function createPrefixStock(split: Split, dice: Dice): PrefixStock {
  const half = split === 'fit' ? 0 : 1
  const runs: (readonly [first: number, second: number])[] = []
  for (let first = 1; first <= LAST_UNICAST_OCTET; first++) {
    if (SPECIAL_FIRST_OCTETS.has(first) || UNROUTED_FIRST_OCTETS.includes(first)) continue
    for (let second = 0; second < 256; second += RUN) {
      if ((first + second / RUN) % 2 === half) runs.push([first, second])
    }
  }
  const left = dice.shuffled(runs, 'runs')
  let v6Given = 0
  let drawn = 0
  return {
    takeV4(count, lengths) {
      const prefixes: string[] = []
      while (prefixes.length < count) {
        const run = left.pop()
        if (run === undefined) throw new Error('No prefixes are left')
        const wanted = Math.min(count - prefixes.length, 1 + dice.below(RUN, 'neighbours', drawn))
        for (let next = 0; next < wanted; next++) {
          drawn++
          const length = lengths[dice.below(lengths.length, 'length', drawn)]!
          // Within the /16: which of its 2^(length - 16) parts.
          const third = dice.below(2 ** (length - 16), 'part', drawn) * 2 ** (24 - length)
          prefixes.push(`${run[0]}.${run[1] + next}.${third}.0/${length}`)
        }
      }
      return prefixes
    },
    takeV6: () => `2a0${half + 1}:${(0x100 + 7 * v6Given++).toString(16)}::/32`,
  }
}
