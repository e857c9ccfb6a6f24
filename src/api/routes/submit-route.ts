// POST /v1/scans: the three forms of a submission, and their one answer.
import type { FastifyRequest } from 'fastify'
import type { Readable } from 'node:stream'
import { Type } from '@fastify/type-provider-typebox'
import { FluxError } from '../../core/errors.ts'
import { SCAN_EVENT_TYPES } from '../../core/model/event.ts'
import type { ApiInstance, RouteContext } from '../api-instance.ts'
import { parseTextBodies, passNdjsonBodies } from '../http/body-parsers.ts'
import { discardRest } from '../http/bounded-body.ts'
import { answerOnce, idempotencyKeyOf, type StoredAnswer } from '../http/idempotent-answer.ts'
import { JSON_TYPE, mediaTypeOf, NDJSON_TYPE, TEXT_TYPE } from '../http/media-types.ts'
import type { Intake } from '../intake/intake.ts'
import { scanOptions, type GivenOptions } from '../intake/scan-options.ts'
import { submitBatch } from '../intake/submit-batch.ts'
import { MAX_LINE_BYTES, submitStream } from '../intake/submit-stream.ts'
import { itemsOfList, itemsOfText } from '../intake/submitted-item.ts'
import { makeLinks, type LinkMaker } from '../presenters/links.ts'
import { POLL_AFTER_SECONDS, presentIntake } from '../presenters/scan-presenter.ts'
import { invalid } from '../problems/problem-error.ts'
import { jsonAnswer, problems } from '../schemas/described.ts'
import { ScanQuery, type ScanRequestBody } from '../schemas/scan-schema.ts'

/** In a scope of its own: only here bodies may be plain text or NDJSON. */
export async function routeSubmission(app: ApiInstance, context: RouteContext): Promise<void> {
  const links = makeLinks(context.config.publicUrl)
  await app.register(async (scope: ApiInstance) => {
    parseTextBodies(scope, context.config.bodyLimitBytes)
    passNdjsonBodies(scope)
    scope.post(
      '/v1/scans',
      { config: { produces: [JSON_TYPE] }, schema: submissionSchema(context.config.maxDomainsPerScan) },
      async (request, reply) => {
        const form = mediaTypeOf(request.headers['content-type'])
        if (request.body === undefined) throw new FluxError('FLUX_BAD_REQUEST', 'The body is empty.')
        if (form === NDJSON_TYPE) {
          const body = request.body as Readable
          const intake = await takeStream(context, request, request.query, body)
          reply.code(202).headers(acceptedHeaders(intake.scan, links))
          return presentIntake(intake, links)
        }
        const { answer, replayed } = await answerOnce(request, context.ports.idempotency, async () => {
          const intake =
            form === JSON_TYPE
              ? await takeJson(context, request, request.query, request.body as ScanRequestBody)
              : await takeText(context, request, request.query, request.body as string)
          return toAnswer(intake, links)
        })
        if (replayed) reply.header('idempotency-replayed', 'true')
        reply.code(answer.status).headers(answer.headers)
        return answer.body
      },
    )
  })
}

async function takeJson(
  context: RouteContext,
  request: FastifyRequest,
  query: GivenOptions,
  body: ScanRequestBody,
): Promise<Intake> {
  const [misplaced] = Object.keys(query)
  if (misplaced !== undefined) {
    throw invalid(
      `/query/${misplaced}`,
      'unknown_parameter',
      `With a JSON body "${misplaced}" belongs in the body.`,
    )
  }
  const { webhook } = body
  const wish = webhook
    ? { url: webhook.url, secret: webhook.secret ?? null, events: webhook.events ?? SCAN_EVENT_TYPES }
    : null
  return submitBatch(
    context.ports,
    scanOptions(body, context.config.minIntervalSeconds, request.tenant),
    itemsOfList(body.domains),
    wish,
  )
}

async function takeText(
  context: RouteContext,
  request: FastifyRequest,
  query: GivenOptions,
  text: string,
): Promise<Intake> {
  const items = itemsOfText(text)
  const most = context.config.maxDomainsPerScan
  if (items.length === 0) throw invalid('', 'minItems', 'There is no domain in the body.')
  if (items.length > most) {
    throw invalid('', 'maxItems', `At most ${most} domains at a time; application/x-ndjson has no limit.`)
  }
  return submitBatch(
    context.ports,
    scanOptions(query, context.config.minIntervalSeconds, request.tenant),
    items,
    null,
  )
}

async function takeStream(
  context: RouteContext,
  request: FastifyRequest,
  query: GivenOptions,
  body: Readable,
): Promise<Intake> {
  if (idempotencyKeyOf(request) !== null) {
    await discardRest(body)
    const detail =
      'A streamed body cannot be recognised again: Idempotency-Key works with JSON and text only.'
    throw invalid('/header/idempotency-key', 'not_supported', detail)
  }
  return submitStream(
    context.ports,
    scanOptions(query, context.config.minIntervalSeconds, request.tenant),
    body,
  )
}

function toAnswer(intake: Intake, links: LinkMaker): StoredAnswer {
  return { status: 202, headers: acceptedHeaders(intake.scan, links), body: presentIntake(intake, links) }
}

function acceptedHeaders(scan: string, links: LinkMaker): Record<string, string> {
  return { location: links.scan(scan), 'retry-after': String(POLL_AFTER_SECONDS) }
}

function submissionSchema(maxDomains: number) {
  return {
    operationId: 'submitScan',
    tags: ['scans'],
    summary: 'Submit domains',
    description: `Starts to watch domains. A bad item is reported and never fails the rest. Three forms: JSON (at most ${maxDomains} domains), plain text (a domain a line, the same limit), and NDJSON, which is streamed without a limit on the number of lines. In the latter two the options are query parameters. An \`Idempotency-Key\` makes JSON and text submissions safe to repeat for 24 hours.`,
    querystring: ScanQuery,
    headers: Type.Object({
      'Idempotency-Key': Type.Optional(
        Type.String({ description: '1 to 255 printable ASCII characters, e.g. a UUID. Not with NDJSON.' }),
      ),
    }),
    body: {
      content: {
        [JSON_TYPE]: { schema: Type.Ref('ScanRequest') },
        [TEXT_TYPE]: {
          schema: Type.String({
            description: 'A domain a line.',
            examples: ['bad.example\nhxxp://worse[.]example/x\n'],
          }),
        },
        // Anything: the validator sees a stream.
        [NDJSON_TYPE]: {
          schema: Type.Unknown({
            description: `A JSON value a line, of at most ${MAX_LINE_BYTES} bytes: {"domain":"…"} or "…".`,
          }),
        },
      },
    },
    response: {
      202: jsonAnswer(
        'ScanAccepted',
        'Taken. The outcome of every item that is not simply accepted is listed.',
        {
          Location: Type.String({ description: 'The scan.' }),
          'Retry-After': Type.Integer({ description: 'Seconds until asking for the scan makes sense.' }),
          'Idempotency-Replayed': Type.Optional(
            Type.String({ description: '`true` when this is the stored answer to an earlier request.' }),
          ),
        },
      ),
      ...problems(
        'FLUX_IDEMPOTENCY_IN_PROGRESS',
        'FLUX_IDEMPOTENCY_MISMATCH',
        'FLUX_BODY_TOO_LARGE',
        'FLUX_UNSUPPORTED_MEDIA_TYPE',
        'FLUX_NO_VALID_DOMAIN',
        'FLUX_WEBHOOK_URL_REFUSED',
        'FLUX_INTAKE_FULL',
        'FLUX_DRAINING',
      ),
    },
  }
}
