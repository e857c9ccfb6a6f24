// Content negotiation (RFC 9110, section 12.5.1): which of the media types that a route can make the client wants.
import { FluxError } from '../../core/errors.ts'
import type { ApiInstance } from '../api-instance.ts'

export const JSON_TYPE = 'application/json'
export const NDJSON_TYPE = 'application/x-ndjson'
export const CSV_TYPE = 'text/csv'
export const TEXT_TYPE = 'text/plain'
export const PROBLEM_TYPE = 'application/problem+json'

interface AcceptedRange {
  readonly range: string
  readonly quality: number
}

/**
 * The best of `offered` for an Accept header; null when the client excludes them all.
 * No header means anything. Of equal quality the earlier offer wins. Media type parameters other than `q` are ignored.
 */
export function negotiate(accept: string | undefined, offered: readonly string[]): string | null {
  if (accept === undefined || accept.trim() === '') return offered[0] ?? null
  const ranges = accept.split(',').map(parseRange)
  let best: string | null = null
  let bestQuality = 0
  for (const type of offered) {
    const quality = qualityOf(type, ranges)
    if (quality > bestQuality) {
      best = type
      bestQuality = quality
    }
  }
  return best
}

function parseRange(text: string): AcceptedRange {
  const [range = '', ...parameters] = text.split(';').map((part) => part.trim().toLowerCase())
  const quality = parameters.find((parameter) => parameter.startsWith('q='))?.slice(2)
  const parsed = quality === undefined ? 1 : Number(quality)
  return { range, quality: Number.isFinite(parsed) ? parsed : 0 }
}

/** The most specific range that covers the type decides, also when it says `q=0`. */
function qualityOf(type: string, ranges: readonly AcceptedRange[]): number {
  const wanted = [type, `${type.slice(0, type.indexOf('/'))}/*`, '*/*']
  for (const range of wanted) {
    const match = ranges.find((each) => each.range === range)
    if (match) return match.quality
  }
  return 0
}

/** Puts negotiation before every route that says what it `produces`; the result is `request.accepted`. */
export function negotiateAnswers(app: ApiInstance): void {
  app.decorateRequest('accepted', JSON_TYPE)
  app.addHook('onRequest', async (request, reply) => {
    const offered = request.routeOptions.config.produces
    if (!offered) return
    if (offered.length > 1) reply.header('vary', 'accept')
    const accepted = negotiate(request.headers.accept, offered)
    if (accepted === null) {
      throw new FluxError('FLUX_NOT_ACCEPTABLE', `This resource can be had as: ${offered.join(', ')}.`)
    }
    request.accepted = accepted
  })
}

/** `application/json` of `Application/JSON; charset=utf-8`; empty without a header. */
export function mediaTypeOf(contentType: string | undefined): string {
  return (contentType ?? '').split(';')[0]!.trim().toLowerCase()
}
