// Which addresses serve which zones around now. A fluxing name server's former addresses go on serving for a while,
// because resolvers hold glue for two days, and its next ones serve a little early, so that nobody finds them closed.
import type { World } from './world.ts'
import type { LabNameServer } from './zones/zone.ts'

export interface ServingWindow {
  /** How many former addresses of a name server go on serving. */
  readonly rotationsKept: number
  /** How many coming ones serve already. */
  readonly rotationsAhead: number
}

export interface ServingAddresses {
  /** Address → apexes of the zones that it serves. Time must not go back between calls. */
  at(now: number): ReadonlyMap<string, ReadonlySet<string>>
  /** When the answer of `at` changes next; null when never. */
  changesAfter(now: number): number | null
}

interface Tracked {
  readonly apex: string
  readonly server: LabNameServer
  /** In order of service, the last one the furthest ahead. */
  addresses: (readonly string[])[]
  /** Start of the furthest term that was looked at. */
  seenUntil: number
}

export function trackServingAddresses(world: World, now: number, window: ServingWindow): ServingAddresses {
  const zones = [...world.infrastructure, ...world.zones.filter((zone) => zone.delegated)]
  const tracked: Tracked[] = zones.flatMap((zone) =>
    zone.nameServers.map((server) => ({
      apex: zone.apex,
      server,
      addresses: [server.addressesAt(now)],
      seenUntil: now,
    })),
  )
  return {
    at(time) {
      const serving = new Map<string, Set<string>>()
      for (const entry of tracked) {
        lookAhead(entry, time)
        for (const address of entry.addresses.flat()) {
          const apexes = serving.get(address) ?? new Set()
          serving.set(address, apexes.add(entry.apex))
        }
      }
      return serving
    },
    changesAfter(time) {
      const changes = tracked
        .map(({ server }) => server.changesAfter(time))
        .filter((change) => change !== null)
      return changes.length === 0 ? null : Math.min(...changes)
    },
  }

  function lookAhead(entry: Tracked, time: number): void {
    let horizon: number | null = time
    for (let term = 0; term < window.rotationsAhead && horizon !== null; term++) {
      horizon = entry.server.changesAfter(horizon)
    }
    if (horizon === null) return
    for (
      let next = entry.server.changesAfter(entry.seenUntil);
      next !== null && next <= horizon;
      next = entry.server.changesAfter(next)
    ) {
      entry.addresses.push(entry.server.addressesAt(next))
      entry.seenUntil = next
    }
    entry.addresses = entry.addresses.slice(-(window.rotationsKept + 1 + window.rotationsAhead))
  }
}
