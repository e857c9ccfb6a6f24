// Proves on the running system what kernel-layout.ts claims, before a question depends on it: a foreign ABI, a sandbox that
// refuses a call, or a koffi that changed is found out at the start.
import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import type { DatagramPorts } from '../datagram-port.ts'

const TIMEOUT_MS = 2000
/** Unlike each other in size and content, so that one slot read as another is seen. */
const DATAGRAMS = [1, 300, 4096].map((octets, index) => Buffer.alloc(octets, index + 1))

/**
 * Sends a few datagrams to an echoing socket of Node's own on loopback, through the very calls that the engine makes.
 * False when anything else comes back than was sent, or nothing in time.
 */
export async function exchangesOverLoopback(ports: DatagramPorts): Promise<boolean> {
  const echo = createSocket('udp4', (bytes, from) => echo.send(bytes, from.port, from.address))
  const over = Promise.withResolvers<boolean>()
  const timer = setTimeout(() => over.resolve(false), TIMEOUT_MS)
  echo.on('error', () => over.resolve(false))
  try {
    echo.bind(0, '127.0.0.1')
    await once(echo, 'listening')
    let received = 0
    const port = ports.open(
      { address: '127.0.0.1', port: echo.address().port },
      {
        message: (bytes) => {
          if (DATAGRAMS[received]?.equals(bytes) !== true) return over.resolve(false)
          received += 1
          if (received === DATAGRAMS.length) over.resolve(true)
        },
        refused: () => over.resolve(false),
        failed: () => over.resolve(false),
      },
    )
    for (const datagram of DATAGRAMS) port.send(datagram)
    const passed = await over.promise
    port.close()
    return passed
  } catch {
    return false
  } finally {
    clearTimeout(timer)
    echo.close()
  }
}
