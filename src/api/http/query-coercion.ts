// Query strings are text; schemas say numbers and lists. This turns the one into the other by the route's own schema,
// so that the validator itself never coerces anything and a body must have the right types.
import type { ApiInstance } from '../api-instance.ts'

interface PropertySchema {
  readonly type?: string
}

/** Numbers become numbers when they look like one; lists may be repeated (`a=1&a=2`) or separated by commas. */
export function coerceQueryStrings(app: ApiInstance): void {
  app.addHook('preValidation', async (request) => {
    const schema = request.routeOptions.schema?.querystring as
      { properties?: Record<string, PropertySchema> } | undefined
    if (!schema?.properties) return
    const query: Record<string, unknown> = {}
    for (const [name, value] of Object.entries(request.query as Record<string, unknown>)) {
      query[name] = coerceValue(
        value,
        Object.hasOwn(schema.properties, name) ? schema.properties[name] : undefined,
      )
    }
    request.query = query
  })
}

function coerceValue(value: unknown, schema: PropertySchema | undefined): unknown {
  if (schema?.type === 'array') {
    const texts = Array.isArray(value) ? value : [value]
    return texts
      .flatMap((text) => (typeof text === 'string' ? text.split(',') : [text]))
      .filter((text) => text !== '')
  }
  if (schema?.type === 'integer' && typeof value === 'string' && /^-?\d{1,15}$/u.test(value))
    return Number(value)
  return value
}
