// The contract as a document: OpenAPI 3.1, made from the very schemas that validate and describe the routes. The text
// of it (openapi.yaml) is committed, and scripts/openapi.ts checks that it did not drift.
import swagger from '@fastify/swagger'
import swaggerUi from '@fastify/swagger-ui'
import { stringify } from 'yaml'
import type { ApiInstance } from './api-instance.ts'

const DESCRIPTION = `Finds fast-flux networks by resolving domains again and again through several independent resolvers.

How to use it well: submit with \`POST /v1/scans\`, then either follow the scan (ask again after \`poll_after_ms\`), wait for
one domain with \`GET /v1/domains/{domain}/verdict?wait=20\`, or let a webhook tell you. Send an \`Idempotency-Key\` with what
you may have to repeat, and honour \`Retry-After\` on 503.

Programs must expect new members in answers and new paths: within /v1 things are added, never changed. Every error is a
problem document (RFC 9457) with a stable \`code\`; each code is explained at /docs/errors.`

const TAGS = [
  { name: 'scans', description: 'Submit domains and follow what becomes of them.' },
  { name: 'domains', description: 'Verdicts and what they rest on.' },
  {
    name: 'history',
    description:
      'What was seen, by whom, together with what. History outlives the watch: a name that is not watched any more, or never was and came with an import, is answered too. A valid question that nothing is known about is answered with an empty page, never with 404.',
  },
  { name: 'networks', description: 'Flagged names that share machines.' },
  { name: 'webhooks', description: 'Be told (Standard Webhooks 1.0).' },
  { name: 'service', description: 'Health, metrics and this contract.' },
]

/** Must be registered before the routes: it listens to their registration. */
export async function describeApi(app: ApiInstance, version: string): Promise<void> {
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: { title: 'fluxwatch', version, description: DESCRIPTION, license: { name: 'Apache-2.0' } },
      tags: TAGS,
      security: [{ bearer: [] }, { apiKey: [] }],
      components: {
        securitySchemes: {
          bearer: { type: 'http', scheme: 'bearer', description: 'An API key, when keys are configured.' },
          apiKey: {
            type: 'apiKey',
            in: 'header',
            name: 'X-API-Key',
            description: 'The same, for old clients.',
          },
        },
      },
    },
    convertConstToEnum: false,
    refResolver: { buildLocalReference: (json, _base, _fragment, index) => schemaName(json, index) },
    transformObject: (document) => {
      if ('openapiObject' in document) return withItemType(document.openapiObject)
      return document.swaggerObject
    },
  })
}

/** The browsable form at /docs, for everybody. Everything it loads comes from this process. */
export async function browseApi(app: ApiInstance): Promise<void> {
  app.addHook('onRoute', (route) => {
    if (route.url.startsWith('/docs')) route.config = { ...route.config, open: true }
  })
  await app.register(swaggerUi, {
    routePrefix: '/docs',
    // No call to validator.swagger.io.
    uiConfig: { validatorUrl: null, docExpansion: 'list' },
    staticCSP: {
      'default-src': "'self'",
      'img-src': "'self' data:",
      'style-src': "'self' 'unsafe-inline'",
      'frame-ancestors': "'none'",
      'object-src': "'none'",
    },
  })
}

/** The document as /openapi.yaml serves it and as it is committed. The app must be ready. */
export function openApiYaml(app: ApiInstance): string {
  return stringify(app.swagger(), { lineWidth: 0, aliasDuplicateObjects: false })
}

function schemaName(json: { readonly $id?: unknown }, index: number): string {
  return typeof json.$id === 'string' ? json.$id : `def-${index}`
}

interface ItemsOfDomains {
  readonly properties: { readonly domains: { readonly items: { type?: string } } }
}

/**
 * The validator lets anything pass as an item of `domains`, so that one bad item is reported and never fails the batch.
 * What clients should send is a string, and generated clients should say so.
 */
function withItemType<T extends { components?: { schemas?: object } }>(document: T): T {
  const schemas = document.components?.schemas as { ScanRequest?: ItemsOfDomains } | undefined
  if (schemas?.ScanRequest) schemas.ScanRequest.properties.domains.items.type = 'string'
  return document
}
