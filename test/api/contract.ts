// Asks the app and holds every answer against the contract: the status must be declared for the operation, the body must
// fit the schema of that status and media type, and no member may be there that the contract does not name.
import assert from 'node:assert/strict'
import type { InjectOptions, LightMyRequestResponse } from 'fastify'
import Schema from 'typebox/schema'
import type { ApiInstance } from '../../src/api/api-instance.ts'

type Json = Record<string, unknown>

/** `app.inject`, but what does not fit the contract fails the test. */
export async function ask(app: ApiInstance, request: InjectOptions): Promise<LightMyRequestResponse> {
  const response = await app.inject(request)
  const { contentType, body } = { contentType: response.headers['content-type'], body: response.body }
  assertContract(app, {
    method: request.method ?? 'GET',
    path: String(request.url).split('?')[0]!,
    status: response.statusCode,
    contentType: contentType === undefined ? null : String(contentType),
    body,
  })
  return response
}

export interface AnsweredRequest {
  readonly method: string
  readonly path: string
  readonly status: number
  readonly contentType: string | null
  readonly body: string
}

export function assertContract(app: ApiInstance, answered: AnsweredRequest): void {
  const document = app.swagger() as unknown as Json
  const where = `${answered.method} ${answered.path} → ${answered.status}`
  const mediaType = answered.contentType?.split(';')[0] ?? null
  const operation = findOperation(document, answered.method, answered.path)
  // No such operation: the answer must be a problem.
  if (!operation) {
    assert.equal(mediaType, 'application/problem+json', where)
    assertFits(document, { $ref: '#/components/schemas/Problem' }, answered.body, where)
    return
  }
  const declared = (operation['responses'] as Json)[String(answered.status)] as Json | undefined
  assert.ok(declared, `${where} is not in the contract`)
  const content = declared['content'] as Record<string, { schema: Json }> | undefined
  if (!content) {
    assert.equal(answered.body, '', `${where} has a body`)
    return
  }
  const media = mediaType === null ? undefined : content[mediaType]
  assert.ok(media, `${where}: ${mediaType} is not in the contract`)
  if (mediaType!.endsWith('json') && mediaType !== 'application/x-ndjson') {
    assertFits(document, media.schema, answered.body, where)
  }
}

/** Holds one NDJSON line against a named schema of the contract. */
export function assertLine(app: ApiInstance, schema: string, line: string): void {
  assertFits(app.swagger() as unknown as Json, { $ref: `#/components/schemas/${schema}` }, line, line)
}

function assertFits(document: Json, schema: Json, body: string, where: string): void {
  const strict = inline(document, schema)
  const value: unknown = JSON.parse(body)
  if (Schema.Check(strict, value)) return
  const [, errors] = Schema.Errors(strict, value)
  assert.fail(
    `${where} does not fit the contract: ${JSON.stringify(errors).slice(0, 1500)}\n${body.slice(0, 1500)}`,
  )
}

/** The schema with its references put in, and closed: in tests an undeclared member is a mistake. */
function inline(document: Json, schema: unknown): Json {
  if (typeof schema !== 'object' || schema === null) return schema as Json
  if (Array.isArray(schema)) return schema.map((each) => inline(document, each)) as unknown as Json
  const { $ref } = schema as { $ref?: string }
  if ($ref !== undefined) {
    const name = $ref.slice('#/components/schemas/'.length)
    const target = (document['components'] as { schemas: Json }).schemas[name]
    assert.ok(target, `${$ref} is not in the contract`)
    return inline(document, target)
  }
  const copy = Object.fromEntries(
    Object.entries(schema).map(([key, value]) => [key, inline(document, value)]),
  )
  if (copy['properties'] && copy['additionalProperties'] === undefined) {
    Object.assign(copy, { additionalProperties: false })
  }
  return copy
}

function findOperation(document: Json, method: string, path: string): Json | null {
  const parts = path.split('/')
  for (const [template, item] of Object.entries(document['paths'] as Record<string, Json>)) {
    const wanted = template.split('/')
    const fits =
      wanted.length === parts.length && wanted.every((part, at) => part.startsWith('{') || part === parts[at])
    const operation = item[method.toLowerCase()] as Json | undefined
    if (fits && operation) return operation
  }
  return null
}
