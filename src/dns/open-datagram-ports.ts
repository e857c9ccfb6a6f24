// Which UDP engine runs: the batched one where it can, the plain one elsewhere or where it is asked for.
import { openBatchedPorts } from './batched/open-batched-ports.ts'
import type { DatagramPorts, UdpEngineName } from './datagram-port.ts'
import { PlainPorts } from './plain-ports.ts'

export interface OpenedPorts {
  readonly ports: DatagramPorts
  /** Which engine it is and why, for people. */
  readonly sentence: string
}

const PLAIN = 'questions over UDP are sent one by one (node:dgram)'
const BATCHED = 'questions over UDP are sent and received in batches (sendmmsg, recvmmsg)'

/** `auto`: batched if it loads. Rejects, with a sentence, only when `batched` is asked for by name and cannot run here. */
export async function openDatagramPorts(choice: 'auto' | UdpEngineName): Promise<OpenedPorts> {
  if (choice === 'plain') return { ports: new PlainPorts(), sentence: PLAIN }
  const batched = await openBatchedPorts()
  if (!('unavailable' in batched)) return { ports: batched, sentence: BATCHED }
  const why = `the batched UDP engine is off: ${batched.unavailable}`
  if (choice === 'batched') throw new Error(why)
  return { ports: new PlainPorts(), sentence: `${PLAIN}; ${why}` }
}
