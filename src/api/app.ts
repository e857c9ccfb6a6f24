// The HTTP face of fluxwatch, put together in sight: hooks in the order in which a request meets them, then routes.
// Listening, signals and what is behind the ports are wiring.ts' work.
import Fastify, { type FastifyBaseLogger } from 'fastify'
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import { FluxError } from '../core/errors.ts'
import { resolveApiConfig, type ApiConfig } from './api-config.ts'
import type { ApiInstance, RouteContext } from './api-instance.ts'
import { requireApiKey } from './http/authentication.ts'
import { parseJsonBodies } from './http/body-parsers.ts'
import { offerDraining } from './http/draining.ts'
import { negotiateAnswers } from './http/media-types.ts'
import { refuseUnderPressure } from './http/overload.ts'
import { coerceQueryStrings } from './http/query-coercion.ts'
import { requestIdOf } from './http/request-id.ts'
import { browseApi, describeApi } from './openapi.ts'
import type { ApiPorts } from './ports.ts'
import { answerBrokenConnection } from './problems/connection-problem.ts'
import { watchMethods } from './problems/method-not-allowed.ts'
import { sendProblem } from './problems/problem.ts'
import { routeDeliveries } from './routes/delivery-routes.ts'
import { routeDocuments } from './routes/document-routes.ts'
import { routeDomains } from './routes/domain-routes.ts'
import { routeNetworkAddresses } from './routes/network-address-routes.ts'
import { routeNetworks } from './routes/network-routes.ts'
import { routeObservations } from './routes/observation-routes.ts'
import { routePivots } from './routes/pivot-routes.ts'
import { routeRecords } from './routes/record-routes.ts'
import { routeScans } from './routes/scan-routes.ts'
import { routeService } from './routes/service-routes.ts'
import { routeStatistics } from './routes/statistics-routes.ts'
import { routeSubmission } from './routes/submit-route.ts'
import { routeWebhooks } from './routes/webhook-routes.ts'
import { addSharedSchemas } from './schemas/shared-schemas.ts'

/** Longer than any long-poll may be silent; a client that neither sends nor reads for so long is gone. */
const IDLE_CONNECTION_MS = 120_000

/**
 * Builds the app and makes it ready; it does not listen yet. `close()` drains and waits for open requests.
 * Throws at boot on a configuration that cannot be right.
 */
export async function buildApp(options: {
  readonly ports: ApiPorts
  readonly config: ApiConfig
  readonly logger: FastifyBaseLogger
  readonly version: string
}): Promise<ApiInstance> {
  const config = resolveApiConfig(options.config)
  const app: ApiInstance = Fastify({
    loggerInstance: options.logger,
    genReqId: (request) => requestIdOf(request),
    connectionTimeout: Math.max(IDLE_CONNECTION_MS, 2000 * config.maxWaitSeconds),
    return503OnClosing: false,
    routerOptions: { maxParamLength: 4096 },
    clientErrorHandler: answerBrokenConnection(config.publicUrl),
    frameworkErrors: (error, request, reply) => {
      reply.header('x-request-id', request.id)
      sendProblem(error, request, reply, config.publicUrl)
    },
    // Nothing is dropped and nothing is coerced: what is not in the schema is refused by name. Not all errors at once,
    // because a hostile body of 8 MiB could ask for millions of them.
    ajv: {
      customOptions: { removeAdditional: false, coerceTypes: false, useDefaults: false, allErrors: false },
    },
  }).withTypeProvider<TypeBoxTypeProvider>()

  // What a presenter made is sent as it is; a serializer that silently drops what a schema forgot would hide the gap.
  app.setSerializerCompiler(() => (document) => JSON.stringify(document))
  app.setErrorHandler((error, request, reply) => sendProblem(error, request, reply, config.publicUrl))
  app.setNotFoundHandler((request) => {
    throw new FluxError('FLUX_NOT_FOUND', `There is no ${request.url.split('?')[0]} here.`)
  })

  app.addHook('onRequest', async (request, reply) => {
    reply.headers({
      'x-request-id': request.id,
      'x-content-type-options': 'nosniff',
      'cache-control': 'no-store',
    })
  })
  await refuseUnderPressure(app, config.overload)
  requireApiKey(app, config.apiKeys)
  const draining = offerDraining(app)
  negotiateAnswers(app)
  coerceQueryStrings(app)
  parseJsonBodies(app, config.bodyLimitBytes)

  addSharedSchemas(app, config)
  await describeApi(app, options.version)
  const methods = watchMethods(app)
  const context: RouteContext = { ports: options.ports, config, version: options.version, draining }
  await routeSubmission(app, context)
  routeScans(app, context)
  routeDomains(app, context)
  routeObservations(app, context)
  routeRecords(app, context)
  routePivots(app, context)
  routeStatistics(app, context)
  routeNetworks(app, context)
  routeNetworkAddresses(app, context)
  routeWebhooks(app, context)
  routeDeliveries(app, context)
  routeService(app, context)
  routeDocuments(app)
  methods.close()
  await browseApi(app)

  await app.ready()
  return app
}
