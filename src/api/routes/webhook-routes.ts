// Webhook endpoints: make, list, show, delete. Their deliveries are in delivery-routes.ts.
import { Type } from '@fastify/type-provider-typebox'
import type { Static } from '@fastify/type-provider-typebox'
import { FluxError } from '../../core/errors.ts'
import { EVENT_TYPES } from '../../core/model/event.ts'
import type { ApiInstance, RouteContext } from '../api-instance.ts'
import { JSON_TYPE } from '../http/media-types.ts'
import { makeLinks, pageLinks } from '../presenters/links.ts'
import { presentNewWebhook, presentWebhook } from '../presenters/webhook-presenter.ts'
import { fromQuery } from '../problems/relocated-error.ts'
import { jsonAnswer, NO_CONTENT, problems } from '../schemas/described.ts'
import { DEFAULT_PAGE_LIMIT, NoQuery, PageQuery, WebhookPath } from '../schemas/parameters.ts'
import type { WebhookRequest } from '../schemas/scan-schema.ts'

export function routeWebhooks(app: ApiInstance, context: RouteContext): void {
  const { webhooks } = context.ports
  const links = makeLinks(context.config.publicUrl)
  const config = { produces: [JSON_TYPE] }

  app.post(
    '/v1/webhooks',
    {
      config,
      schema: {
        operationId: 'createWebhook',
        tags: ['webhooks'],
        summary: 'Be told of everything that this service sees',
        description: 'For the events of one scan only, send `webhook` with POST /v1/scans.',
        querystring: NoQuery,
        body: Type.Ref('WebhookRequest'),
        response: {
          201: jsonAnswer('WebhookCreated', 'Made. The secret is shown here and never again.', {
            Location: Type.String({ description: 'The webhook.' }),
          }),
          ...problems(
            'FLUX_BODY_TOO_LARGE',
            'FLUX_UNSUPPORTED_MEDIA_TYPE',
            'FLUX_WEBHOOK_URL_REFUSED',
            'FLUX_DRAINING',
          ),
        },
      },
    },
    async (request, reply) => {
      const { url, secret = null, events = EVENT_TYPES } = request.body as Static<typeof WebhookRequest>
      const endpoint = await webhooks.create({ url, secret, events, scan: null })
      reply.code(201).header('location', links.webhook(endpoint.id))
      return presentNewWebhook(endpoint, links)
    },
  )

  app.get(
    '/v1/webhooks',
    {
      config,
      schema: {
        operationId: 'listWebhooks',
        tags: ['webhooks'],
        summary: 'All webhooks',
        querystring: PageQuery,
        response: { 200: jsonAnswer('WebhookPage', 'A page of webhooks.'), ...problems() },
      },
    },
    async (request) => {
      const { cursor = null, limit = DEFAULT_PAGE_LIMIT } = request.query
      const page = await fromQuery(webhooks.list({ cursor, limit }))
      return {
        items: page.items.map((endpoint) => presentWebhook(endpoint, links)),
        next: page.next,
        links: pageLinks(links, request.url, page.next),
      }
    },
  )

  app.get(
    '/v1/webhooks/:id',
    {
      config,
      schema: {
        operationId: 'getWebhook',
        tags: ['webhooks'],
        summary: 'One webhook',
        params: WebhookPath,
        querystring: NoQuery,
        response: { 200: jsonAnswer('Webhook', 'The webhook.'), ...problems('FLUX_WEBHOOK_NOT_FOUND') },
      },
    },
    async (request) => {
      const endpoint = await webhooks.get(request.params.id)
      if (!endpoint) throw webhookNotFound(request.params.id)
      return presentWebhook(endpoint, links)
    },
  )

  app.delete(
    '/v1/webhooks/:id',
    {
      schema: {
        operationId: 'deleteWebhook',
        tags: ['webhooks'],
        summary: 'Delete a webhook',
        description: 'Deliveries that wait are dropped.',
        params: WebhookPath,
        querystring: NoQuery,
        response: { 204: NO_CONTENT, ...problems('FLUX_WEBHOOK_NOT_FOUND') },
      },
    },
    async (request, reply) => {
      if (!(await webhooks.remove(request.params.id))) throw webhookNotFound(request.params.id)
      return reply.code(204).send(null)
    },
  )
}

export function webhookNotFound(id: string): FluxError {
  return new FluxError('FLUX_WEBHOOK_NOT_FOUND', `There is no webhook "${id}".`)
}
