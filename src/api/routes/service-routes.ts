// What the service says about itself: index, health, metrics.
import type { ApiInstance, RouteContext } from '../api-instance.ts'
import { letThrough } from '../http/overload.ts'
import type { HealthCheck } from '../ports.ts'
import { TEXT_TYPE } from '../http/media-types.ts'
import { jsonAnswer, problems } from '../schemas/described.ts'
import { Type } from '@fastify/type-provider-typebox'

const OPEN = { open: true, pressureHandler: letThrough } as const

export function routeService(app: ApiInstance, context: RouteContext): void {
  const { publicUrl } = context.config

  app.get(
    '/',
    {
      schema: {
        operationId: 'getIndex',
        tags: ['service'],
        summary: 'Where everything is',
        description: 'Links with `{…}` are URI templates (RFC 6570).',
        response: { 200: jsonAnswer('Index', 'Name, version, links.'), ...problems() },
      },
    },
    async () => ({
      name: 'fluxwatch',
      version: context.version,
      links: Object.fromEntries(
        ['scans', 'networks', 'statistics', 'webhooks']
          .map((name) => [name, `${publicUrl}/v1/${name}`])
          .concat(
            [
              ['verdict', '/v1/domains/{domain}/verdict'],
              ['observations', '/v1/domains/{domain}/observations'],
              ['rrsets', '/v1/domains/{domain}/rrsets'],
              ['changes', '/v1/domains/{domain}/changes'],
              ['new_addresses', '/v1/domains/{domain}/new-addresses'],
              ['ip', '/v1/ips/{ip}'],
              ['prefix', '/v1/prefixes/{address}/{length}'],
              ['asn', '/v1/asns/{asn}'],
              ['country', '/v1/countries/{country}'],
              ['name_server', '/v1/nameservers/{host}'],
              ['network', '/v1/networks/{id}'],
              ['docs', '/docs'],
              ['errors', '/docs/errors'],
              ['openapi', '/openapi.yaml'],
              ['livez', '/livez'],
              ['readyz', '/readyz'],
              ['metrics', '/metrics'],
            ].map(([name, path]) => [name!, `${publicUrl}${path}`]),
          ),
      ),
    }),
  )

  app.get(
    '/livez',
    {
      config: OPEN,
      schema: {
        operationId: 'getLiveness',
        tags: ['service'],
        summary: 'Whether this process serves requests',
        security: [],
        response: { 200: jsonAnswer('Liveness', 'It does.') },
      },
    },
    async () => ({ status: 'ok' }),
  )

  app.get(
    '/readyz',
    {
      config: OPEN,
      schema: {
        operationId: 'getReadiness',
        tags: ['service'],
        summary: 'Whether this process can take work',
        security: [],
        response: {
          200: jsonAnswer('Readiness', 'It can.'),
          503: jsonAnswer('Readiness', 'It cannot; `checks` says why.'),
        },
      },
    },
    async (request, reply) => {
      const checks = await context.ports.health.check().catch((err: unknown): HealthCheck[] => {
        request.log.error({ err }, 'health check failed')
        return [
          {
            name: 'health',
            ok: false,
            required: true,
            detail: 'The health checks themselves failed; see the log.',
          },
        ]
      })
      const all = context.draining.aborted ? [...checks, DRAINING] : checks
      const unready = all.some((check) => check.required && !check.ok)
      const degraded = all.some((check) => !check.ok)
      reply.code(unready ? 503 : 200)
      return {
        status: unready ? 'unready' : degraded ? 'degraded' : 'ready',
        checks: all.map(({ name, ok, required, detail }) => ({ name, ok, required, detail })),
      }
    },
  )

  app.get(
    '/metrics',
    {
      config: OPEN,
      schema: {
        operationId: 'getMetrics',
        tags: ['service'],
        summary: 'Metrics for Prometheus',
        security: [],
        response: {
          200: {
            description: 'In the text exposition format.',
            content: { [TEXT_TYPE]: { schema: Type.String() } },
          },
        },
      },
    },
    async (_request, reply) => {
      const text = await context.ports.metrics.metrics()
      return reply.type(context.ports.metrics.contentType).send(text)
    },
  )
}

const DRAINING: HealthCheck = {
  name: 'draining',
  ok: false,
  required: true,
  detail: 'This process is shutting down and takes no new work.',
}
