// A webhook receiver as a user would write one: checks the signature over the exact bytes, answers 204.
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { makeSecret } from '../notify/secret.ts'
import { sign } from '../notify/signature.ts'

export interface Receiver {
  readonly url: string
  readonly secret: string
  received(): number
  /** Requests whose signature was wrong. */
  forged(): number
  close(): Promise<void>
}

export async function startReceiver(): Promise<Receiver> {
  const secret = makeSecret()
  let received = 0
  let forged = 0
  const server = createServer((incoming, answer) => {
    const chunks: Buffer[] = []
    incoming.on('data', (chunk: Buffer) => chunks.push(chunk))
    incoming.on('end', () => {
      received += 1
      const header = (name: string): string => String(incoming.headers[name] ?? '')
      const right = sign(
        header('webhook-id'),
        Number(header('webhook-timestamp')),
        Buffer.concat(chunks),
        secret,
      )
      if (!header('webhook-signature').split(' ').includes(right)) forged += 1
      answer.writeHead(204).end()
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/fluxwatch`,
    secret,
    received: () => received,
    forged: () => forged,
    async close() {
      server.close()
      server.closeAllConnections()
      await once(server, 'close')
    },
  }
}
