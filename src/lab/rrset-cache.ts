// What a caching resolver remembers: RRsets until their TTL ends, and for a while that something does not exist. Decides
// lifetimes and the TTL that is shown; what is asked when nothing is remembered is the resolver's business.
import type { ResourceRecord } from '../core/dns/record.ts'

export interface RrsetCache {
  /** The set with its TTLs counted down, or null when it is not (or no longer) known. */
  find(name: string, type: string, now: number): readonly ResourceRecord[] | null
  /** Remembers the sets that the records make up. TTL 0 is never remembered; what is alive is not overwritten. */
  keep(records: readonly ResourceRecord[], now: number): void
}

interface Entry {
  readonly records: readonly ResourceRecord[]
  readonly expiresAt: number
}

export function createRrsetCache(): RrsetCache {
  const entries = new Map<string, Entry>()
  return {
    find(name, type, now) {
      const entry = entries.get(rrsetKey(name, type))
      if (!entry) return null
      if (entry.expiresAt <= now) {
        entries.delete(rrsetKey(name, type))
        return null
      }
      // Rounded up: a set that is still alive never shows TTL 0, which would say that it was not cached.
      const ttlSeconds = Math.ceil((entry.expiresAt - now) / 1000)
      return entry.records.map((record) => ({ ...record, ttlSeconds }))
    },
    keep(records, now) {
      for (const set of Map.groupBy(records, (record) => rrsetKey(record.name, record.type))) {
        const [key, members] = set
        const ttlSeconds = Math.min(...members.map((record) => record.ttlSeconds))
        const alive = entries.get(key)
        if (ttlSeconds === 0 || (alive && alive.expiresAt > now)) continue
        entries.set(key, { records: members, expiresAt: now + ttlSeconds * 1000 })
      }
    },
  }
}

function rrsetKey(name: string, type: string): string {
  return `${type} ${name}`
}
