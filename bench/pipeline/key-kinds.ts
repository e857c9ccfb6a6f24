// Which kinds of keys a Redis holds, how many of each, and what they take: counted all, weighed by samples.
import type { Redis } from 'ioredis'

export interface KeyKind {
  readonly kind: string
  readonly keys: number
  /** Estimate for all of them. */
  readonly octets: number
}

const SCAN_STEP = 1_000
/** Keys of a kind that are weighed: the first ones, and one of so many after that. */
const WEIGHED_AT_FIRST = 200
const WEIGHED_AT_MOST = 2_000

/** Largest first. */
export async function keyKinds(redis: Redis): Promise<KeyKind[]> {
  const kinds = new Map<string, { keys: number; weighed: string[] }>()
  let cursor = '0'
  do {
    const [next, found] = await redis.scan(cursor, 'COUNT', SCAN_STEP)
    cursor = next
    for (const key of found) {
      const name = kindOf(key)
      const kind = kinds.get(name) ?? { keys: 0, weighed: [] }
      kinds.set(name, kind)
      kind.keys += 1
      if (kind.keys <= WEIGHED_AT_FIRST) kind.weighed.push(key)
      else if (kind.weighed.length < WEIGHED_AT_MOST && kind.keys % WEIGHED_AT_FIRST === 0)
        kind.weighed.push(key)
    }
  } while (cursor !== '0')
  const weighed = await Promise.all(
    [...kinds].map(async ([kind, { keys, weighed: sample }]) => {
      const octets = await Promise.all(sample.map((key) => redis.memory('USAGE', key, 'SAMPLES', 0)))
      const sum = octets.reduce<number>((total, one) => total + (one ?? 0), 0)
      return { kind, keys, octets: (sum / sample.length) * keys }
    }),
  )
  return weighed.toSorted((a, b) => b.octets - a.octets)
}

/** The words of a key before what it is about: `fw:{p07}:target:host:n1.test` is of the kind `target:host`. */
export function kindOf(key: string): string {
  const parts = key
    .replace(/\{[^}]*\}:?/g, '')
    .split(':')
    .filter((part) => part !== '' && part !== 'fw')
  const [first = key, second] = parts
  return second === 'host' || second === 'zone' ? `${first}:${second}` : first
}
