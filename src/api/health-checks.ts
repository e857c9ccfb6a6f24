// The checks behind /readyz, each with a sentence. Decides what makes the service unready and what only degrades it.
import { backlogCheck, type HistoryBacklogFigures } from './backlog-check.ts'
import type { HealthCheck } from './ports.ts'

export interface VantageHealthFigures {
  readonly id: string
  readonly server: string
  readonly up: boolean
  readonly clientSubnet: string
  readonly lastError: string | null
}

export interface HealthParts {
  /** Rejects when the live state does not answer. */
  readonly ping: () => Promise<unknown>
  /** The eviction policy of Redis; null when it does not let us ask. */
  readonly evictionPolicy: () => Promise<string | null>
  readonly history: { check(): Promise<{ readonly ok: boolean; readonly detail: string }> }
  /** What waits for history in the live state. */
  readonly backlog: () => Promise<HistoryBacklogFigures>
  /** Null where this process does not probe. */
  readonly probing: {
    readonly vantages: readonly VantageHealthFigures[]
    readonly udp: {
      readonly engine: string
      /** Which engine runs and why, in a sentence. */
      readonly sentence: string
      /** Datagrams that full receive buffers lost since the start; null where the system does not tell. */
      readonly receiveDrops: number | null
    }
  } | null
  /** Worker processes that probe for this one; absent where there are none. */
  readonly workers?: { readonly up: number; readonly of: number }
  readonly enrichment: { readonly ok: boolean; readonly sentence: string }
}

/** `now`: ms. Never rejects. */
export async function checkHealth(parts: HealthParts, now: number): Promise<HealthCheck[]> {
  const [lives, eviction, history, backlog] = await Promise.all([
    parts.ping().then(
      () => true,
      () => false,
    ),
    parts.evictionPolicy().catch(() => null),
    parts.history.check(),
    parts.backlog().catch(() => null),
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
    // Verdicts need none: what is seen waits in the live state until history is back.
    { name: 'history', ...history, required: false },
    ...(backlog ? [backlogCheck(backlog, now)] : []),
    ...(parts.workers ? [workersCheck(parts.workers)] : []),
    ...(parts.probing ? [udpCheck(parts.probing.udp), ...parts.probing.vantages.map(vantageCheck)] : []),
    { name: 'enrichment', ok: parts.enrichment.ok, detail: parts.enrichment.sentence, required: false },
  ]
}

/** One that died is started again; while none is there, nothing is probed. */
function workersCheck({ up, of }: NonNullable<HealthParts['workers']>): HealthCheck {
  return {
    name: 'workers',
    ok: up > 0,
    detail: `${up} of ${of} worker processes are up`,
    required: true,
  }
}

/** Drops only inform: they are counted for the whole network namespace, and may be another program's. */
function udpCheck({
  engine,
  sentence,
  receiveDrops,
}: NonNullable<HealthParts['probing']>['udp']): HealthCheck {
  const drops = receiveDrops ?? 0
  const lost = `; full receive buffers have lost ${drops} datagrams in this network namespace since the start: raise net.core.rmem_max`
  return {
    name: `udp engine ${engine}`,
    ok: true,
    detail: drops > 0 ? sentence + lost : sentence,
    required: false,
  }
}

function vantageCheck({ id, server, up, clientSubnet, lastError }: VantageHealthFigures): HealthCheck {
  const says = up ? `${server} answers or was not asked yet` : `${server} answers nothing`
  const ignores = clientSubnet === 'ignored' ? '; the client subnet changes nothing there' : ''
  const error = up || lastError === null ? '' : `; ${lastError}`
  return { name: `vantage ${id}`, ok: up, detail: `${says}${ignores}${error}`, required: false }
}
