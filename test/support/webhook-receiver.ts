// A webhook receiver on loopback: a real HTTP server that remembers what it was sent and answers as the test says.
import { once } from 'node:events'
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface ReceivedRequest {
  readonly method: string
  readonly path: string
  readonly headers: IncomingHttpHeaders
  /** The exact bytes. */
  readonly body: Buffer
}

/** `hold`: never answers. */
export type Answer = { status: number; headers?: Record<string, string>; body?: string | Buffer } | 'hold'

export class WebhookReceiver {
  readonly requests: ReceivedRequest[] = []
  readonly #server: Server
  readonly #waiting: { count: number; resolve: (request: ReceivedRequest) => void }[] = []

  private constructor(server: Server) {
    this.#server = server
  }

  /** `answer` is asked for each request, with its number from 1 on. */
  static async start(answer: (number: number, request: ReceivedRequest) => Answer): Promise<WebhookReceiver> {
    const server = createServer()
    const receiver = new WebhookReceiver(server)
    server.on('request', async (incoming, outgoing) => {
      const chunks: Buffer[] = []
      for await (const chunk of incoming) chunks.push(chunk as Buffer)
      const request = {
        method: incoming.method ?? '',
        path: incoming.url ?? '',
        headers: incoming.headers,
        body: Buffer.concat(chunks),
      }
      const number = receiver.requests.push(request)
      const said = answer(number, request)
      if (said !== 'hold') outgoing.writeHead(said.status, said.headers).end(said.body)
      receiver.#announce()
    })
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    return receiver
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}/hook`
  }

  /** Resolves with the request of this number (from 1 on) as soon as it is there. */
  received(number: number): Promise<ReceivedRequest> {
    const { promise, resolve } = Promise.withResolvers<ReceivedRequest>()
    this.#waiting.push({ count: number, resolve })
    this.#announce()
    return promise
  }

  /** Cuts every connection. Idempotent. */
  async stop(): Promise<void> {
    if (!this.#server.listening) return
    const closed = once(this.#server, 'close')
    this.#server.close()
    this.#server.closeAllConnections()
    await closed
  }

  #announce(): void {
    for (const { count, resolve } of this.#waiting) {
      const request = this.requests[count - 1]
      if (request !== undefined) resolve(request)
    }
  }
}
