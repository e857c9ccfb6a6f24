// What a question in flight costs in memory: many of them to a server that never answers, in a process of their own.
import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { join } from 'node:path'
import { run } from './child-output.ts'
import type { NodeClient } from './contenders/node-clients.ts'

export interface MemoryMeasured {
  readonly client: NodeClient
  readonly inFlight: number
  /** Growth of the resident set, after a collection and at rest, by question. The kernel's part of sockets is not in it. */
  readonly residentOctetsPerQuery: number
  /** Growth of what is reachable (heap and buffers), after a collection, by question. */
  readonly liveOctetsPerQuery: number
}

export type MemoryResult = MemoryMeasured | { readonly client: NodeClient; readonly unavailable: string }

export interface MemoryRun {
  readonly client: NodeClient
  readonly address: string
  readonly port: number
  readonly inFlight: number
  readonly restMs: number
}

/** V8 gives back what a collection has freed some seconds after the process came to rest, not at once. */
export const SETTLED_MS = 10_000

const ADDRESS = '127.0.0.1'

/** `restMs`: how long the process rests before each reading. */
export async function measureMemory(
  client: NodeClient,
  inFlight: number,
  restMs: number,
): Promise<MemoryResult> {
  const sink = createSocket('udp4')
  sink.bind(0, ADDRESS)
  await once(sink, 'listening')
  const memoryRun: MemoryRun = { client, address: ADDRESS, port: sink.address().port, inFlight, restMs }
  const script = join(import.meta.dirname, 'memory-run.ts')
  const output = await run(process.execPath, ['--expose-gc', script, JSON.stringify(memoryRun)])
  sink.close()
  if (output.code !== 0)
    throw new Error(`the memory of ${client} could not be measured:\n${output.stderr.slice(-4_000)}`)
  return JSON.parse(output.stdout) as MemoryResult
}
