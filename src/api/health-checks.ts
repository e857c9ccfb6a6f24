// The checks behind /readyz, each with a sentence. Decides what makes the service unready and what only degrades it.
import type { HealthCheck } from './ports.ts'

export interface HealthParts {
  /** Rejects when the live state does not answer. */
  readonly ping: () => Promise<unknown>
  /** The eviction policy of Redis; null when it does not let us ask. */
  readonly evictionPolicy: () => Promise<string | null>
  readonly history: { check(): Promise<{ readonly ok: boolean; readonly detail: string }> }
  /** Of this process; empty where it does not probe. */
  readonly vantages: readonly { readonly id: string; readonly server: string; readonly up: boolean }[]
  readonly enrichment: { readonly ok: boolean; readonly sentence: string }
}

/** Never rejects. */
export async function checkHealth(parts: HealthParts): Promise<HealthCheck[]> {
  const [lives, eviction, history] = await Promise.all([
    parts.ping().then(
      () => true,
      () => false,
    ),
    parts.evictionPolicy().catch(() => null),
    parts.history.check(),
  ])
  const evicts = eviction !== null && eviction !== 'noeviction'
  return [
    {
      name: 'redis',
      ok: lives,
      detail: lives ? 'the live state answers' : 'the live state does not answer',
      required: true,
    },
    {
      name: 'eviction',
      ok: !evicts,
      detail: evicts
        ? `maxmemory-policy is ${eviction}: Redis may forget watched domains; set noeviction`
        : 'nothing is evicted',
      required: false,
    },
    { name: 'history', ...history, required: true },
    ...parts.vantages.map(({ id, server, up }) => ({
      name: `vantage ${id}`,
      ok: up,
      detail: up ? `${server} answers or was not asked yet` : `${server} answers nothing`,
      required: false,
    })),
    { name: 'enrichment', ok: parts.enrichment.ok, detail: parts.enrichment.sentence, required: false },
  ]
}
