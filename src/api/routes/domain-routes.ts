// The verdict on a domain, and the end of watching it.
import { Type } from '@fastify/type-provider-typebox'
import { FluxError } from '../../core/errors.ts'
import type { ApiInstance, RouteContext } from '../api-instance.ts'
import { abortWhenGone } from '../http/client-presence.ts'
import { domainOfPath, PathDomains } from '../http/domain-of-path.ts'
import { sendTagged, tagged } from '../http/entity-tag.ts'
import { KeptAnswers } from '../http/kept-answers.ts'
import { JSON_TYPE } from '../http/media-types.ts'
import { makeLinks } from '../presenters/links.ts'
import { presentVerdict } from '../presenters/verdict-presenter.ts'
import { jsonAnswer, NO_CONTENT, NOT_MODIFIED, problems } from '../schemas/described.ts'
import { DomainPath, NoQuery } from '../schemas/parameters.ts'

export function routeDomains(app: ApiInstance, context: RouteContext): void {
  const { domains } = context.ports
  const links = makeLinks(context.config.publicUrl)
  const verdicts = new KeptAnswers()
  const paths = new PathDomains()

  app.get(
    '/v1/domains/:domain/verdict',
    {
      config: { produces: [JSON_TYPE] },
      schema: {
        operationId: 'getVerdict',
        tags: ['domains'],
        summary: 'The verdict on a domain',
        description:
          'With `wait` it answers at the first verdict other than `pending`, at the latest after so many seconds with what there is then. Without it the answer has an ETag, and may be up to a minute behind what changed beside the name itself (a name server that moved, its network, a new address database).',
        params: DomainPath,
        querystring: Type.Object(
          {
            wait: Type.Optional(
              Type.Integer({
                minimum: 0,
                maximum: context.config.maxWaitSeconds,
                default: 0,
                description: 'Seconds to wait for a verdict other than `pending`.',
              }),
            ),
          },
          { additionalProperties: false },
        ),
        response: {
          200: jsonAnswer('Verdict', 'The verdict as it is now.', {
            ETag: Type.Optional(Type.String({ description: 'Weak; not with `wait`.' })),
          }),
          304: NOT_MODIFIED,
          ...problems('FLUX_DOMAIN_NOT_FOUND'),
        },
      },
    },
    async (request, reply) => {
      const domain = paths.domainOf(request.params.domain)
      const waitMs = (request.query.wait ?? 0) * 1000
      if (waitMs > 0) {
        const watched = await domains.waitForVerdict(domain, waitMs, abortWhenGone(reply, context.draining))
        if (!watched) throw domainNotFound(domain)
        return presentVerdict(watched, links)
      }
      // Before the verdict is read: what is written in between makes the answer look older than it is, never newer.
      const stamp = await domains.stampOf(domain)
      if (stamp === null) throw domainNotFound(domain)
      const kept = verdicts.get(domain, stamp)
      if (kept !== null) return sendTagged(request, reply, kept)
      const watched = await domains.get(domain)
      if (!watched) throw domainNotFound(domain)
      const answer = tagged(presentVerdict(watched, links))
      verdicts.set(domain, stamp, answer)
      return sendTagged(request, reply, answer)
    },
  )

  app.delete(
    '/v1/domains/:domain',
    {
      schema: {
        operationId: 'stopWatching',
        tags: ['domains'],
        summary: 'Stop watching a domain',
        description: 'In every scan that it is in. What was seen is kept.',
        params: DomainPath,
        querystring: NoQuery,
        response: { 204: NO_CONTENT, ...problems('FLUX_DOMAIN_NOT_FOUND') },
      },
    },
    async (request, reply) => {
      const domain = domainOfPath(request.params.domain)
      if (!(await domains.stop(domain))) throw domainNotFound(domain)
      return reply.code(204).send(null)
    },
  )
}

export function domainNotFound(domain: string): FluxError {
  return new FluxError('FLUX_DOMAIN_NOT_FOUND', `"${domain}" was never submitted.`)
}
