// Both UDP engines, for suites that must hold for either. The accelerated one is skipped, with the reason in the title,
// where it cannot run.
import { describe } from 'vitest'
import { openBatchedPorts } from '../../src/dns/batched/open-batched-ports.ts'
import type { DatagramPorts } from '../../src/dns/datagram-port.ts'
import { PlainPorts } from '../../src/dns/plain-ports.ts'

/** Why there is no accelerated engine here; null when there is one. */
export const batchedMissing: string | null = await openBatchedPorts().then(async (ports) => {
  if ('unavailable' in ports) return ports.unavailable
  await ports.close()
  return null
})

export type OpenPorts = () => Promise<DatagramPorts>

async function openBatched(): Promise<DatagramPorts> {
  const ports = await openBatchedPorts()
  if ('unavailable' in ports) throw new Error(ports.unavailable)
  return ports
}

/** One describe for each engine. */
export function describeEngines(subject: string, suite: (open: OpenPorts) => void): void {
  describe(`${subject}, plain engine`, () => suite(async () => new PlainPorts()))
  const skipped = batchedMissing === null ? '' : ` (skipped: ${batchedMissing})`
  describe.skipIf(batchedMissing !== null)(`${subject}, accelerated engine${skipped}`, () =>
    suite(openBatched),
  )
}
