// The contract and the pages that explain it. The browsable contract at /docs is registered in openapi.ts.
import type { ApiInstance } from '../api-instance.ts'
import { errorsHtml } from '../error-pages.ts'
import { openApiYaml } from '../openapi.ts'

export function routeDocuments(app: ApiInstance): void {
  const page = errorsHtml()
  let yaml: string | null = null

  app.get('/openapi.yaml', { config: { open: true }, schema: { hide: true } }, async (_request, reply) => {
    // At the first request: the document is complete only when all routes are registered.
    yaml ??= openApiYaml(app)
    return reply.type('application/yaml; charset=utf-8').send(yaml)
  })

  app.get('/docs/errors', { config: { open: true }, schema: { hide: true } }, async (_request, reply) =>
    reply.type('text/html; charset=utf-8').send(page),
  )
}
