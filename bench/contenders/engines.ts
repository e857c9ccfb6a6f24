// Opens the UDP engine that a contender runs on.
import type { DatagramPorts, UdpEngineName } from '../../src/dns/datagram-port.ts'
import { openBatchedPorts } from '../../src/dns/batched/open-batched-ports.ts'
import { PlainPorts } from '../../src/dns/plain-ports.ts'
import { NotAvailable } from './not-available.ts'

export type Engine = UdpEngineName

/** Throws NotAvailable with the accelerator's own reason where it does not load. */
export async function openPorts(engine: Engine): Promise<DatagramPorts> {
  if (engine === 'plain') return new PlainPorts()
  const ports = await openBatchedPorts()
  if ('unavailable' in ports) throw new NotAvailable(ports.unavailable)
  return ports
}
