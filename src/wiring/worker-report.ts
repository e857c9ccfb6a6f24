// What the worker processes of a service count, put together: one answer a vantage, one set of metrics. Decides what is
// summed and what is not; who asks the processes is worker-processes.ts's part.
import type { MetricsSnapshot } from '../metrics.ts'
import type { VantageStatus } from '../dns/vantage.ts'
import type { PtrStatus } from '../enrich/ptr-names.ts'
import type { ProbingFigures } from './probing.ts'

/** Of one process. */
export interface WorkerReport {
  readonly figures: ProbingFigures
  readonly metrics: MetricsSnapshot
}

/** Of all of them. */
export interface WorkersReport {
  /** Processes that probe now, of how many there should be. */
  readonly up: number
  readonly of: number
  /** Null while none has told anything. */
  readonly figures: ProbingFigures | null
  readonly metrics: readonly MetricsSnapshot[]
}

/** Of a vantage, what is counted since the start. */
const COUNTS = [
  'asked',
  'answered',
  'timeouts',
  'throttled',
  'optedOut',
  'unsentWhileDown',
  'late',
  'mismatched',
  'truncated',
  'retried',
] as const

const PTR_COUNTS = ['asked', 'named', 'failed', 'dropped'] as const

/**
 * One figure for all. A vantage is up when any process finds it so. What is lost to full buffers is counted for the whole
 * machine by each of them, and is not summed. Null for nobody.
 */
export function mergeFigures(all: readonly ProbingFigures[]): ProbingFigures | null {
  const [first] = all
  if (first === undefined) return null
  const buffers = numbers(all.map(({ udp }) => udp.receiveBufferOctets))
  const drops = numbers(all.map(({ udp }) => udp.receiveDrops))
  return {
    vantages: first.vantages.map(({ id }) =>
      mergeStatuses(all.flatMap(({ vantages }) => vantages.filter((vantage) => vantage.id === id))),
    ),
    udp: {
      ...first.udp,
      receiveBufferOctets: buffers.length > 0 ? Math.min(...buffers) : null,
      receiveDrops: drops.length > 0 ? Math.max(...drops) : null,
    },
    ptr: mergePtr(all.map(({ ptr }) => ptr).filter((ptr) => ptr !== null)),
  }
}

/**
 * What a process that is gone has counted, without what was true of its present. Added to those that live, counts go on where
 * they were when it died.
 */
export function pastOf({ figures, metrics }: WorkerReport): WorkerReport {
  return {
    figures: {
      ...figures,
      vantages: figures.vantages.map((vantage) => ({ ...vantage, up: false, inFlight: 0, lastError: null })),
      ptr: figures.ptr && { ...figures.ptr, known: 0, wanted: 0 },
    },
    metrics: metrics.filter(({ type }) => isCounted(type)),
  }
}

/** prom-client's types say numbers; what comes are the words of the text format. */
function isCounted(type: unknown): boolean {
  return type === 'counter' || type === 'histogram'
}

function mergeStatuses(statuses: readonly VantageStatus[]): VantageStatus {
  const uses = statuses.map(({ clientSubnet }) => clientSubnet)
  return {
    ...statuses[0]!,
    ...sums(statuses, COUNTS),
    up: statuses.some(({ up }) => up),
    inFlight: sumOf(statuses.map(({ inFlight }) => inFlight)),
    // One answer that was made for our network proves it; that many were not is enough from one process.
    clientSubnet: uses.find((use) => use === 'honoured') ?? uses.find((use) => use === 'ignored') ?? uses[0]!,
    lastError: statuses.find(({ lastError }) => lastError !== null)?.lastError ?? null,
  }
}

function mergePtr(all: readonly PtrStatus[]): PtrStatus | null {
  if (all.length === 0) return null
  return {
    known: sumOf(all.map(({ known }) => known)),
    wanted: sumOf(all.map(({ wanted }) => wanted)),
    ...sums(all, PTR_COUNTS),
  }
}

function sums<Name extends string>(
  all: readonly Readonly<Record<Name, number>>[],
  names: readonly Name[],
): Record<Name, number> {
  const entries = names.map((name) => [name, sumOf(all.map((one) => one[name]))])
  return Object.fromEntries(entries) as Record<Name, number>
}

function sumOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0)
}

function numbers(values: readonly (number | null)[]): number[] {
  return values.filter((value) => value !== null)
}
