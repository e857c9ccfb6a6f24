// Several processes that probe for one service keep its rates together: what each of them may ask, how many of them there
// can be, and how much one takes on at a time.
import { availableParallelism } from 'node:os'
import type { Config } from '../config.ts'
import { DEFAULT_QPS, type VantageConfig } from '../dns/vantage-config.ts'
import { vantageConfigs } from './settings.ts'

/** Hand-set: beyond this, one Redis is what holds them up. */
const MOST_DEFAULT_WORKERS = 8
/** What a `direct` vantage asks of one authority where its entry does not say (docs/configuration.md). */
const DEFAULT_QPS_PER_AUTHORITY = 5
/** Questions of a round that one vantage is asked: A and AAAA of a host, NS and SOA of a zone. */
const QUESTIONS_A_ROUND = 2
/** How long the questions of what is probed at a time may wait for their turns; well below what a vantage calls too late. */
const LONGEST_LINE_SECONDS = 6.4
/** However fast the vantages are: a round under way holds some kB. */
const MOST_ROUNDS = 4_096
const MOST_TARGETS_A_BATCH = 32
/** Jobs that wait in a shard, of each kind: half a second of work for a busy worker. */
const MOST_WAITING_JOBS = 16

/**
 * Worker processes that `serve` starts; 0: none. As many as are set, or as the machine runs at the same time (8 at most), but
 * no more than the slowest vantage has questions a second: the least share is one.
 */
export function workerCount(config: Config): number {
  const wanted = config.workers ?? Math.min(MOST_DEFAULT_WORKERS, availableParallelism())
  return Math.min(wanted, Math.max(1, Math.floor(slowest(vantageConfigs(config)))))
}

/**
 * The share of one of so many processes in a vantage's rates; questions per second. Never below one (nor raised to it): a
 * vantage that is added later may be slower than there are processes.
 */
export function shareOfRates(config: VantageConfig, processes: number): VantageConfig {
  if (processes === 1) return config
  const { qps = DEFAULT_QPS } = config
  if (config.protocol !== 'direct') return { ...config, qps: share(qps, processes) }
  const { qpsPerAuthority = DEFAULT_QPS_PER_AUTHORITY } = config
  return { ...config, qps: share(qps, processes), qpsPerAuthority: share(qpsPerAuthority, processes) }
}

function share(qps: number, processes: number): number {
  return Math.max(Math.min(qps, 1), qps / processes)
}

export interface Intake {
  /** Targets of one job. */
  readonly batchSize: number
  /** Rounds at the same time in one process. */
  readonly rounds: number
  /** Jobs of a shard and kind that may wait: less than a lease's worth. */
  readonly waitingJobs: number
}

/** How much one of so many processes probes at a time: what its share of the slowest vantage can ask before it is too late. */
export function intakeOf(configs: readonly VantageConfig[], processes: number): Intake {
  const perSecond = slowest(configs.map((config) => shareOfRates(config, processes)))
  const room = Math.floor((perSecond * LONGEST_LINE_SECONDS) / QUESTIONS_A_ROUND)
  const rounds = Math.min(MOST_ROUNDS, Math.max(1, room))
  const batchSize = Math.min(MOST_TARGETS_A_BATCH, rounds)
  const waitingJobs = Math.min(MOST_WAITING_JOBS, Math.ceil((2 * rounds * processes) / batchSize))
  return { batchSize, rounds, waitingJobs }
}

function slowest(configs: readonly VantageConfig[]): number {
  return Math.min(...configs.map(({ qps = DEFAULT_QPS }) => qps))
}
