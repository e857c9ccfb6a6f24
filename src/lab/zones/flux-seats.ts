// How a fluxing name shows its agents: a fixed number of seats, each taken by one agent for a term and then by another.
// Which agents there are is the pool's business.
import type { AgentPool } from '../agent-pool.ts'
import type { Dice, Label } from '../random.ts'
import { createRotation } from '../rotation.ts'
import type { Rotation, Term } from '../rotation.ts'
import type { LabNameServer } from './zone.ts'

const MINUTE_MS = 60_000

export interface Seats {
  /** The agents shown at a time. Two seats may hold the same agent, which is then shown once. */
  occupantsAt(at: number): string[]
}

export function createSeats(
  options: {
    readonly pool: AgentPool
    readonly count: number
    readonly minMinutes: number
    readonly maxMinutes: number
  },
  dice: Dice,
  ...labels: readonly Label[]
): Seats {
  const rotations = Array.from({ length: options.count }, (_, seat) =>
    minutesRotation(options.minMinutes, options.maxMinutes, dice, 'seat', ...labels, seat),
  )
  const occupants = rotations.map((rotation, seat) =>
    perTerm(rotation, (term) => options.pool.draw(term.startedAt, 'seat', ...labels, seat, term.index)),
  )
  return { occupantsAt: (at) => [...new Set(occupants.map((occupantAt) => occupantAt(at)))] }
}

/** A name server whose one address moves to another agent every `minMinutes` to `maxMinutes`, as `choose` decides. */
export function fluxNameServer(
  options: {
    readonly name: string
    readonly minMinutes: number
    readonly maxMinutes: number
    choose(term: { readonly index: number; readonly startedAt: number }): string
  },
  dice: Dice,
): LabNameServer {
  const rotation = minutesRotation(options.minMinutes, options.maxMinutes, dice, 'name-server', options.name)
  const addressesAt = perTerm(rotation, (term) => [options.choose(term)])
  return {
    name: options.name,
    addressesAt,
    changesAfter: (at) => rotation.nextAfter(at),
  }
}

/** What a term brings, drawn once for it while the same term is asked about. */
function perTerm<T>(rotation: Rotation, draw: (term: Term) => T): (at: number) => T {
  let latest: { readonly index: number; readonly drawn: T } | null = null
  return (at) => {
    const term = rotation.termAt(at)
    if (latest?.index !== term.index) latest = { index: term.index, drawn: draw(term) }
    return latest.drawn
  }
}

function minutesRotation(
  minMinutes: number,
  maxMinutes: number,
  dice: Dice,
  ...labels: readonly Label[]
): Rotation {
  return createRotation({ minMs: minMinutes * MINUTE_MS, maxMs: maxMinutes * MINUTE_MS }, dice, ...labels)
}
