// Which media types a body may have, and how its bytes become a value. JSON everywhere; plain text and NDJSON only
// where a route asks for them.
import { createHash } from 'node:crypto'
import type { FastifyRequest } from 'fastify'
import type { IncomingMessage } from 'node:http'
import { FluxError } from '../../core/errors.ts'
import type { ApiInstance } from '../api-instance.ts'
import { readBounded, refuseEncodedBody } from './bounded-body.ts'
import { JSON_TYPE, NDJSON_TYPE, TEXT_TYPE } from './media-types.ts'

/** JSON is all that is understood unless more is added. An empty body is fine where the route has no body schema. */
export function parseJsonBodies(app: ApiInstance, limitBytes: number): void {
  app.decorateRequest('bodyDigest', null)
  app.removeAllContentTypeParsers()
  app.addContentTypeParser(JSON_TYPE, async (request: FastifyRequest, payload: IncomingMessage) => {
    const text = await readText(request, payload, limitBytes)
    const needsBody = request.routeOptions.schema?.body !== undefined
    if (text.trim() === '') {
      if (needsBody)
        throw new FluxError('FLUX_BAD_REQUEST', 'The body is empty; a JSON document is expected.')
      return undefined
    }
    return parseJson(text)
  })
}

/** `text/plain` becomes a string. */
export function parseTextBodies(app: ApiInstance, limitBytes: number): void {
  app.addContentTypeParser(TEXT_TYPE, (request: FastifyRequest, payload: IncomingMessage) =>
    readText(request, payload, limitBytes),
  )
}

/** `application/x-ndjson` is handed on as the unread stream: the route reads it line by line. */
export function passNdjsonBodies(app: ApiInstance): void {
  app.addContentTypeParser(NDJSON_TYPE, async (_request: FastifyRequest, payload: IncomingMessage) => {
    refuseEncodedBody(payload)
    return payload
  })
}

async function readText(
  request: FastifyRequest,
  payload: IncomingMessage,
  limitBytes: number,
): Promise<string> {
  refuseEncodedBody(payload)
  const bytes = await readBounded(payload, limitBytes)
  request.bodyDigest = createHash('sha256').update(bytes).digest('hex')
  try {
    // Drops a byte order mark, refuses what is not UTF-8.
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch (cause) {
    throw new FluxError('FLUX_BAD_REQUEST', 'The body is not valid UTF-8.', [], cause)
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text, refusePrototypeKeys)
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : 'unknown reason'
    throw new FluxError('FLUX_BAD_REQUEST', `The body is not valid JSON: ${why}`, [], cause)
  }
}

/** `JSON.parse` makes an own property of `__proto__`; copying such an object would poison the copy's prototype. */
function refusePrototypeKeys(key: string, value: unknown): unknown {
  if (key === '__proto__') throw new SyntaxError('the key "__proto__" is not allowed')
  return value
}
