// Writes that count only once replicas hold them. Redis answers a write before its replicas have it, so that a master that
// dies right then takes it along: here the answer waits for them (WAIT), on the very connections that sent the writes.
import type { Redis } from 'ioredis'
import { FluxError } from '../core/errors.ts'
import { slotOf } from './cluster-slot.ts'
import { keys, PARTITIONS, QUEUE_PREFIX } from './keys.ts'
import { isCluster, mastersOf, type LiveRedis } from './redis.ts'

export interface Replication {
  /** How many replicas of each master must hold the writes; 0 waits for nothing. */
  readonly replicas: number
  /** How long they may take, ms. */
  readonly timeoutMs: number
  /** Put up with fewer, rather than throw; a connection that was lost is not put up with. For what can be done again. */
  readonly goOnWithFewer?: boolean
}

/** A connection to a master as it is: WAIT knows only the writes of its own connection, and a new one would say yes at once. */
interface Link {
  readonly master: Redis
  readonly stream: unknown
}

/** One key of every slot in which live state lies. */
export const EVERYWHERE: readonly string[] = [
  ...PARTITIONS.map((partition) => keys.due(partition)),
  keys.endpoints(),
  keys.keeper(),
  ...Object.values(QUEUE_PREFIX),
]
const SLOTS: readonly number[] = EVERYWHERE.map(slotOf)

/**
 * Runs `write`, and resolves with its answer once the replicas of every master that owns one of `touched` hold its writes.
 * `touched` are the keys that it wrote to (one of each hash tag is enough), or tells them from the answer.
 *
 * Throws `FLUX_STORE_UNAVAILABLE` when the replicas do not have them in time, or when a connection or the owner of a key
 * changed meanwhile: the writes may be there all the same, and must bear being repeated. WAIT blocks its connection, so
 * `redis` should be one on which nobody else waits for an answer.
 *
 * Blind spot: a key that is written at the new master of its slot while the slot is still being moved there (ASK) is waited
 * for at the old one.
 */
export async function replicated<Answer>(
  redis: LiveRedis,
  touched: readonly string[] | ((answer: Answer) => readonly string[]),
  { replicas, timeoutMs, goOnWithFewer = false }: Replication,
  write: () => Promise<Answer>,
): Promise<Answer> {
  if (replicas === 0) return write()
  const before = new Map(SLOTS.map((slot) => [slot, linkOf(redis, slot)]))
  const answer = await write()
  const written = typeof touched === 'function' ? touched(answer) : touched
  const links = new Map<Redis, Link>()
  for (const slot of new Set(written.map(slotOf))) {
    const link = linkOf(redis, slot)
    const earlier = before.get(slot)
    // A master that was away all the time has not been written to.
    if (goOnWithFewer && !link && !earlier) continue
    if (!link || link.master !== earlier?.master || link.stream !== earlier.stream) {
      throw outage('The connection to the live state was lost while it was written')
    }
    links.set(link.master, link)
  }
  const reached = await Promise.all(
    [...links.values()].map(async (link) => {
      const holders = await link.master.wait(replicas, timeoutMs).catch((cause: unknown) => {
        throw outage('A master of the live state was lost before its replicas had answered', cause)
      })
      // A connection that was lost while it waited has begun anew, and its answer is about nothing.
      if (link.master.stream === link.stream) return holders
      throw outage('The connection to the live state was lost before its replicas had answered')
    }),
  )
  const least = Math.min(...reached)
  if (least < replicas && !goOnWithFewer) {
    throw outage(`Only ${least} of the ${replicas} replicas asked for have what was written`)
  }
  return answer
}

/** The connection that writes to the slot go to; null while there is none. */
function linkOf(redis: LiveRedis, slot: number): Link | null {
  const master = isCluster(redis) ? ownerOf(redis.slots[slot]?.[0], mastersOf(redis)) : redis
  return master?.status === 'ready' ? { master, stream: master.stream } : null
}

function ownerOf(place: string | undefined, masters: readonly Redis[]): Redis | undefined {
  return masters.find(({ options }) => `${options.host}:${options.port}` === place)
}

function outage(what: string, cause?: unknown): FluxError {
  return new FluxError('FLUX_STORE_UNAVAILABLE', `${what}. Try again: nothing is taken in twice.`, [], cause)
}
