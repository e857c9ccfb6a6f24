// Makes 405 out of what a router would call 404: a path that exists, asked with a method that it does not know.
import type { HTTPMethods } from 'fastify'
import type { ApiInstance } from '../api-instance.ts'
import { ProblemError } from './problem-error.ts'

const METHODS: readonly HTTPMethods[] = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']

/** Notes every route that is registered from now on; `close()` then registers the refusals for the other methods. */
export function watchMethods(app: ApiInstance): { close(): void } {
  const known = new Map<string, Set<string>>()
  let closed = false
  app.addHook('onRoute', (route) => {
    if (closed) return
    const methods = known.get(route.url) ?? new Set()
    for (const method of [route.method].flat()) methods.add(method)
    known.set(route.url, methods)
  })
  return {
    close() {
      closed = true
      for (const [url, methods] of known) refuseOthers(app, url, methods)
    },
  }
}

function refuseOthers(app: ApiInstance, url: string, known: ReadonlySet<string>): void {
  const others = METHODS.filter((method) => !known.has(method))
  if (others.length === 0) return
  const allow = METHODS.filter((method) => known.has(method)).join(', ')
  app.route({
    method: others,
    url,
    exposeHeadRoute: false,
    schema: { hide: true },
    // In onRequest, before the body is looked at: a wrong method with a strange body is still a wrong method.
    onRequest: async (request) => {
      throw new ProblemError(
        'FLUX_METHOD_NOT_ALLOWED',
        `${request.method} is not known here; known: ${allow}.`,
        {
          headers: { allow },
        },
      )
    },
    handler: async () => {},
  })
}
