// One process that probes in rounds, in memory: a scripted world, a clock that the test moves, and every commit on record.
import type { OutboxEntry } from '../../src/core/model/outbox.ts'
import { targetId, type TargetId } from '../../src/core/model/target.ts'
import { DEFAULT_POLICY } from '../../src/core/policy.ts'
import { probeRound } from '../../src/queue/probe-round.ts'
import type { RoundParts, RoundResult } from '../../src/queue/round-ports.ts'
import type { RoundCommit } from '../../src/store/round-commit.ts'
import { MemoryTargets } from '../../src/store/memory-targets.ts'
import { SteppedClock } from '../lab/stepped-clock.ts'
import { ScriptedProber } from './scripted-prober.ts'

export const T = 1_770_000_000_000
export const MINUTE_MS = 60_000
export const HOUR_MS = 60 * MINUTE_MS
export const NAME = 'www.bad.example'
export const HOST = host(NAME)
export const ZONE = targetId({ kind: 'zone', name: 'bad.example' })

export function host(name: string): TargetId {
  return targetId({ kind: 'host', name })
}

export class RoundStand {
  readonly clock = new SteppedClock(T)
  readonly commits: RoundCommit[] = []
  readonly store = new MemoryTargets({ onCommit: (commit) => this.commits.push(commit) })
  readonly prober = new ScriptedProber(this.clock)
  readonly parts: RoundParts = {
    store: this.store,
    prober: this.prober,
    enrichment: {
      hasAsn: false,
      hasCountry: false,
      factsOf: () => ({ asn: null, organisation: null, country: null }),
    },
    policy: DEFAULT_POLICY,
    clock: this.clock,
  }

  /** The world that most tests begin with: one address, two name servers. Without it every name is NXDOMAIN. */
  populate(): void {
    this.prober
      .answer(`${NAME} A`, ['192.0.2.1'])
      .answer('bad.example NS', ['ns1.dns.example', 'ns2.dns.example'])
      .answer('ns1.dns.example A', ['198.51.100.1'])
      .answer('ns2.dns.example A', ['198.51.100.2'])
  }

  watch(intervalSeconds: number | null = null, watchUntil = T + 24 * HOUR_MS): void {
    this.store.watch(NAME, this.clock.now(), { watchUntil, intervalSeconds })
  }

  /** Until its question is answered, thirty days at most. */
  watchOpen(): void {
    const now = this.clock.now()
    this.store.watch(NAME, now, {
      watchUntil: now + 30 * 24 * HOUR_MS,
      openSince: now,
      intervalSeconds: null,
    })
  }

  /** One round after another of these targets, at the present time. */
  async rounds(...ids: TargetId[]): Promise<RoundResult[]> {
    const results: RoundResult[] = []
    for (const id of ids) results.push(await probeRound(id, this.parts))
    return results
  }

  async isReferenced(id: TargetId): Promise<boolean> {
    return (await this.store.load(id)).referenced
  }

  /** What all commits so far have told. */
  entries(): OutboxEntry[] {
    return this.commits.flatMap((commit) => commit.entries)
  }
}
