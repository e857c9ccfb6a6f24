import { once } from 'node:events'
import { createServer as createHttpServer, type RequestListener } from 'node:http'
import { createServer, type AddressInfo, type Server } from 'node:net'
import { afterEach, describe, expect, test } from 'vitest'
import { openClickHouseHistory } from '../../../src/store/history/clickhouse/clickhouse-history.ts'

const servers: Server[] = []
afterEach(() => {
  for (const server of servers.splice(0)) server.close()
})

async function listen(server: Server): Promise<string> {
  servers.push(server)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

const answering = (listener: RequestListener) => listen(createHttpServer(listener))
const open = (url: string, requestTimeoutMs = 5000) =>
  openClickHouseHistory({ url, database: 'fluxwatch', cluster: null, retentionDays: 90, requestTimeoutMs })

describe('a ClickHouse server that cannot be used', () => {
  test('where nothing listens is told as unavailable, with the reason', async () => {
    const server = createServer()
    const url = await listen(server)
    server.close()
    await once(server, 'close')
    await expect(open(url)).rejects.toMatchObject({
      code: 'FLUX_STORE_UNAVAILABLE',
      message: expect.stringContaining('ECONNREFUSED'),
    })
  })

  test('that takes the connection and says nothing is given up after the time limit', async () => {
    const sockets: { destroy(): void }[] = []
    const url = await listen(createServer((socket) => sockets.push(socket)))
    await expect(open(url, 100)).rejects.toMatchObject({
      code: 'FLUX_STORE_UNAVAILABLE',
      message: expect.stringMatching(/timeout/i),
    })
    for (const socket of sockets) socket.destroy()
  })

  test('that hangs up in the middle is told as unavailable', async () => {
    const url = await answering((request) => request.socket.destroy())
    await expect(open(url)).rejects.toMatchObject({ code: 'FLUX_STORE_UNAVAILABLE' })
  })

  test.each([
    ['516', 'default: Authentication failed. (AUTHENTICATION_FAILED)', 'Authentication failed'],
    ['241', 'Memory limit (total) exceeded. (MEMORY_LIMIT_EXCEEDED)', 'Memory limit'],
    ['252', 'Too many parts (3000). (TOO_MANY_PARTS)', 'Too many parts'],
  ])('because of its state (code %s) is told as unavailable', async (code, text, reason) => {
    const url = await answering((_request, response) => {
      response.writeHead(500, { 'x-clickhouse-exception-code': code })
      response.end(`Code: ${code}. DB::Exception: ${text} (version 26.7.2.1)`)
    })
    await expect(open(url)).rejects.toMatchObject({
      code: 'FLUX_STORE_UNAVAILABLE',
      message: expect.stringContaining(reason),
    })
  })

  test('because of our statement is a bug, and thrown as it is', async () => {
    const url = await answering((_request, response) => {
      response.writeHead(400, { 'x-clickhouse-exception-code': '62' })
      response.end(
        'Code: 62. DB::Exception: Syntax error: failed at position 1. (SYNTAX_ERROR) (version 26.7.2.1)',
      )
    })
    await expect(open(url)).rejects.toMatchObject({ code: '62', type: 'SYNTAX_ERROR' })
  })
})
