// A maker's download server on loopback: answers what a test puts there and remembers what it was asked.
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { IncomingHttpHeaders, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

export type Answer = Buffer | number | ((response: ServerResponse) => void)

export interface GeoServer {
  readonly url: string
  /** By path with query. What is not here is 404. */
  readonly answers: Map<string, Answer>
  readonly requests: { readonly url: string; readonly headers: IncomingHttpHeaders }[]
  close(): Promise<void>
}

export async function startGeoServer(): Promise<GeoServer> {
  const answers = new Map<string, Answer>()
  const requests: { url: string; headers: IncomingHttpHeaders }[] = []
  const server = createServer((request, response) => {
    requests.push({ url: request.url!, headers: request.headers })
    const answer = answers.get(request.url!) ?? 404
    if (typeof answer === 'function') answer(response)
    else if (typeof answer === 'number') response.writeHead(answer).end('words for people')
    else response.end(answer)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    answers,
    requests,
    async close() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}
