// What was sent to a webhook, a test event, and sending again.
import { FluxError, type ErrorCode } from '../../core/errors.ts'
import type { ApiInstance, RouteContext } from '../api-instance.ts'
import { JSON_TYPE } from '../http/media-types.ts'
import { makeLinks, pageLinks } from '../presenters/links.ts'
import { presentDelivery } from '../presenters/webhook-presenter.ts'
import { fromQuery } from '../problems/relocated-error.ts'
import { jsonAnswer, problems } from '../schemas/described.ts'
import { DEFAULT_PAGE_LIMIT, DeliveryPath, NoQuery, PageQuery, WebhookPath } from '../schemas/parameters.ts'
import { webhookNotFound } from './webhook-routes.ts'

export function routeDeliveries(app: ApiInstance, context: RouteContext): void {
  const { webhooks } = context.ports
  const links = makeLinks(context.config.publicUrl)
  const config = { produces: [JSON_TYPE] }

  app.post(
    '/v1/webhooks/:id/test',
    {
      config,
      schema: {
        operationId: 'testWebhook',
        tags: ['webhooks'],
        summary: 'Send a test event',
        params: WebhookPath,
        querystring: NoQuery,
        response: {
          202: jsonAnswer('Delivery', 'The event is on its way.'),
          ...bodyProblems('FLUX_WEBHOOK_NOT_FOUND'),
        },
      },
    },
    async (request, reply) => {
      const delivery = await webhooks.test(request.params.id)
      if (!delivery) throw webhookNotFound(request.params.id)
      reply.code(202)
      return presentDelivery(delivery, links)
    },
  )

  app.get(
    '/v1/webhooks/:id/deliveries',
    {
      config,
      schema: {
        operationId: 'listDeliveries',
        tags: ['webhooks'],
        summary: 'What was sent, and what came of it',
        params: WebhookPath,
        querystring: PageQuery,
        response: {
          200: jsonAnswer('DeliveryPage', 'A page of deliveries, newest first.'),
          ...problems('FLUX_WEBHOOK_NOT_FOUND'),
        },
      },
    },
    async (request) => {
      const { cursor = null, limit = DEFAULT_PAGE_LIMIT } = request.query
      const page = await fromQuery(webhooks.deliveries(request.params.id, { cursor, limit }))
      if (!page) throw webhookNotFound(request.params.id)
      return {
        items: page.items.map((delivery) => presentDelivery(delivery, links)),
        next: page.next,
        links: pageLinks(links, request.url, page.next),
      }
    },
  )

  app.post(
    '/v1/webhooks/:id/deliveries/:delivery/redeliver',
    {
      config,
      schema: {
        operationId: 'redeliver',
        tags: ['webhooks'],
        summary: 'Send an event again',
        description:
          'The same event with the same `webhook-id`: a receiver that has it already will know it.',
        params: DeliveryPath,
        querystring: NoQuery,
        response: {
          202: jsonAnswer('Delivery', 'The event is on its way again.'),
          ...bodyProblems('FLUX_WEBHOOK_NOT_FOUND', 'FLUX_DELIVERY_NOT_FOUND'),
        },
      },
    },
    async (request, reply) => {
      const { id, delivery: deliveryId } = request.params
      if (!(await webhooks.get(id))) throw webhookNotFound(id)
      const delivery = await webhooks.redeliver(id, deliveryId)
      if (!delivery) throw new FluxError('FLUX_DELIVERY_NOT_FOUND', `There is no delivery "${deliveryId}".`)
      reply.code(202)
      return presentDelivery(delivery, links)
    },
  )
}

function bodyProblems(...codes: readonly ErrorCode[]) {
  return problems(...codes, 'FLUX_BODY_TOO_LARGE', 'FLUX_UNSUPPORTED_MEDIA_TYPE', 'FLUX_DRAINING')
}
