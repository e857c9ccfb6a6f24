// Turns what the schema validator found into our `errors[]` entries: a pointer, a stable code and a sentence.
import type { FastifySchemaValidationError } from 'fastify'
import type { ErrorDetail } from '../../core/errors.ts'

/** Where a pointer starts, per part of the request. Body pointers are plain JSON pointers (RFC 6901). */
const PART_PREFIX: Readonly<Record<string, string>> = {
  body: '',
  querystring: '/query',
  params: '/path',
  headers: '/header',
}

/** `part` is Fastify's `validationContext`. */
export function describeValidation(error: FastifySchemaValidationError, part: string): ErrorDetail {
  const at = (PART_PREFIX[part] ?? '') + error.instancePath
  const params: Record<string, unknown> = error.params
  const what = part === 'querystring' ? 'query parameter' : 'field'
  switch (error.keyword) {
    case 'additionalProperties': {
      const name = String(params['additionalProperty'])
      const code = part === 'querystring' ? 'unknown_parameter' : 'unknown_field'
      return { pointer: `${at}/${escapePointer(name)}`, code, detail: `There is no ${what} "${name}" here.` }
    }
    case 'required': {
      const name = String(params['missingProperty'])
      return {
        pointer: `${at}/${escapePointer(name)}`,
        code: 'required',
        detail: `The ${what} "${name}" is missing.`,
      }
    }
    case 'enum': {
      const allowed = Array.isArray(params['allowedValues']) ? params['allowedValues'].join(', ') : ''
      return { pointer: at, code: 'enum', detail: `${subjectOf(at)} must be one of: ${allowed}.` }
    }
    default:
      return {
        pointer: at,
        code: error.keyword,
        detail: `${subjectOf(at)} ${error.message ?? 'is not valid'}.`,
      }
  }
}

function subjectOf(pointer: string): string {
  return pointer === '' ? 'The body' : pointer
}

function escapePointer(name: string): string {
  return name.slice(0, 128).replaceAll('~', '~0').replaceAll('/', '~1')
}
