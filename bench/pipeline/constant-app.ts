// The yardstick of reading a verdict: the same app with the same hooks, that answers a constant of a given size at /metrics, the
// one route whose body is a port's text. Nothing else of it is ever asked.
import type { AddressInfo } from 'node:net'
import { pino } from 'pino'
import { buildApp } from '../../src/api/app.ts'
import type { ApiPorts } from '../../src/api/ports.ts'

export async function startConstantApp(
  octets: number,
): Promise<{ readonly url: string; close(): Promise<void> }> {
  const constant = JSON.stringify({ text: 'x'.repeat(Math.max(0, octets - '{"text":""}'.length)) })
  const ports = {
    metrics: { contentType: 'application/json; charset=utf-8', metrics: async () => constant },
  } as Partial<ApiPorts> as ApiPorts
  const logger = pino({ level: 'error' }, pino.destination(2))
  const app = await buildApp({ ports, config: { apiKeys: [] }, logger, version: 'bench' })
  await app.listen({ host: '127.0.0.1', port: 0 })
  const { port } = app.server.address() as AddressInfo
  return { url: `http://127.0.0.1:${port}`, close: () => app.close() }
}
