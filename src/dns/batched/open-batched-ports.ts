// Whether the batched engine can run here, and if not, why. Where it cannot, plain-ports.ts does the same for more CPU.
import type { DatagramPorts } from '../datagram-port.ts'
import { BatchedPorts } from './batched-ports.ts'
import { epollEventLayout } from './kernel-layout.ts'
import { exchangesOverLoopback } from './self-test.ts'
import { bindSystemCalls } from './system-calls.ts'

export interface Unavailable {
  /** The reason, to follow "the batched UDP engine is off: ". */
  readonly unavailable: string
}

/**
 * Opens the engine after a self-test, which sends a few datagrams over loopback. Never rejects.
 * `system`: what Node calls the machine.
 */
export async function openBatchedPorts(
  system: { readonly platform: string; readonly arch: string } = process,
): Promise<DatagramPorts | Unavailable> {
  const layout = system.platform === 'linux' ? epollEventLayout(system.arch) : null
  if (layout === null) {
    return { unavailable: `it needs Linux on x64 or arm64, this is ${system.platform} on ${system.arch}` }
  }
  const calls = await bindSystemCalls()
  if (typeof calls === 'string') return { unavailable: calls }
  try {
    const tested = new BatchedPorts(calls, layout)
    const passed = await exchangesOverLoopback(tested)
    await tested.close()
    return passed ? new BatchedPorts(calls, layout) : { unavailable: 'its self-test over loopback failed' }
  } catch (error) {
    return { unavailable: (error as Error).message }
  }
}
