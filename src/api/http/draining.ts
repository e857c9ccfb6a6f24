// Shutting down in order: who is here is served, long-polls end at once, new work is refused.
import { FluxError } from '../../core/errors.ts'
import type { ApiInstance } from '../api-instance.ts'

/** Decorates the app with `drain()`. Answers the signal that it aborts. */
export function offerDraining(app: ApiInstance): AbortSignal {
  const draining = new AbortController()
  app.decorate('drain', () => draining.abort())
  // Before the server stops listening, so that waiting requests do not hold up the end.
  app.addHook('preClose', async () => draining.abort())
  app.addHook('onRequest', async (request) => {
    if (draining.signal.aborted && request.method === 'POST') {
      throw new FluxError(
        'FLUX_DRAINING',
        'This process is shutting down; another one or a later try will take it.',
      )
    }
  })
  return draining.signal
}
