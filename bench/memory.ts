// What a question in flight costs in memory: many of them to a server that never answers, in a process of their own.
import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { join } from 'node:path'
import { run } from './child-output.ts'
import type { NodeClient } from './contenders/node-clients.ts'

export interface MemoryMeasured {
  readonly client: NodeClient
  readonly inFlight: number
  /** Growth of the resident set, after a collection, by question. Memory of the kernel's sockets is not in it. */
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
}

const ADDRESS = '127.0.0.1'

export async function measureMemory(client: NodeClient, inFlight: number): Promise<MemoryResult> {
  const sink = createSocket('udp4')
  sink.bind(0, ADDRESS)
  await once(sink, 'listening')
  const memoryRun: MemoryRun = { client, address: ADDRESS, port: sink.address().port, inFlight }
  const script = join(import.meta.dirname, 'memory-run.ts')
  const output = await run(process.execPath, ['--expose-gc', script, JSON.stringify(memoryRun)])
  sink.close()
  if (output.code !== 0)
    throw new Error(`the memory of ${client} could not be measured:\n${output.stderr.slice(-4_000)}`)
  return JSON.parse(output.stdout) as MemoryResult
}
