// Who is measured, in which order, and how the table names them.
import { join } from 'node:path'
import { run } from '../child-output.ts'
import { pinned } from '../cores.ts'
import type { RunResult } from '../measured.ts'
import type { NodeRun } from '../node-run.ts'
import { runCTool, type CTool } from './c-tools.ts'
import type { NodeClient } from './node-clients.ts'

export interface Contender {
  /** Unique; ratios are made of these. */
  readonly id: string
  readonly label: string
  readonly client: NodeClient | CTool
  readonly inFlight: number
  readonly ratePerSecond: number | null
}

/** Where and how much; the same for every contender of a round. */
export interface RoundSettings {
  readonly address: string
  readonly port: number
  readonly count: number
  readonly warmUp: number
  /** How long a row at a steady rate lasts. */
  readonly steadySeconds: number
  readonly folder: string
  readonly core: number | null
}

const LABELS: Readonly<Record<Contender['client'], string>> = {
  'own-plain': 'fluxwatch UDP, plain',
  'own-batched': 'fluxwatch UDP, accelerated',
  'own-tcp': 'fluxwatch TCP, pipelined',
  'own-prober-plain': 'fluxwatch Prober.probe, plain',
  'own-prober-batched': 'fluxwatch Prober.probe, accelerated',
  'own-prober-6-plain': 'fluxwatch Prober.probe of six questions, plain',
  'own-prober-6-batched': 'fluxwatch Prober.probe of six questions, accelerated',
  'c-ares': 'node:dns Resolver (c-ares)',
  'dns-packet': 'dgram stub with dns-packet',
  dnsperf: 'dnsperf',
  massdns: 'massdns (A only)',
}

/** As fast as they can, with so many in flight. dnsperf by its own measure of 200; more makes it lose. */
const SATURATED: readonly [Contender['client'], readonly number[]][] = [
  ['own-plain', [200, 1000]],
  ['own-batched', [200, 1000]],
  ['own-tcp', [200, 1000]],
  ['own-prober-plain', [200]],
  ['own-prober-batched', [200]],
  ['own-prober-6-plain', [200, 1000]],
  ['own-prober-6-batched', [200, 1000]],
  ['c-ares', [200, 1000]],
  ['dns-packet', [200, 1000]],
  ['dnsperf', [200]],
  ['massdns', [200, 1000]],
]

const STEADY_RATES = [2_000, 10_000]
const STEADY_CLIENTS = ['own-plain', 'own-batched'] as const
/** Never reached at these rates. */
const STEADY_IN_FLIGHT = 1000

export const CONTENDERS: readonly Contender[] = [
  ...SATURATED.flatMap(([client, inFlights]) =>
    inFlights.map((inFlight) => ({
      id: `${client}@${inFlight}`,
      label: LABELS[client],
      client,
      inFlight,
      ratePerSecond: null,
    })),
  ),
  ...STEADY_RATES.flatMap((ratePerSecond) =>
    STEADY_CLIENTS.map((client) => ({
      id: `${client}@${ratePerSecond}/s`,
      label: LABELS[client],
      client,
      inFlight: STEADY_IN_FLIGHT,
      ratePerSecond,
    })),
  ),
]

export async function runContender(contender: Contender, settings: RoundSettings): Promise<RunResult> {
  const { client, inFlight, ratePerSecond } = contender
  if (client === 'dnsperf' || client === 'massdns') return runCTool(client, { ...settings, inFlight })
  const { address, port, warmUp } = settings
  const count = ratePerSecond === null ? settings.count : Math.ceil(ratePerSecond * settings.steadySeconds)
  return runInNode({ client, address, port, inFlight, warmUp, count, ratePerSecond }, settings.core)
}

async function runInNode(nodeRun: NodeRun, core: number | null): Promise<RunResult> {
  const script = join(import.meta.dirname, '..', 'node-run.ts')
  const output = await run(...pinned(core, process.execPath, [script, JSON.stringify(nodeRun)]))
  if (output.code !== 0)
    throw new Error(`${nodeRun.client} ended with ${String(output.code)}:\n${output.stderr.slice(-4_000)}`)
  return JSON.parse(output.stdout) as RunResult
}
