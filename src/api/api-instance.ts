// The types that every route file shares: the Fastify instance as fluxwatch uses it, and what a route may reach.
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import type { FastifyBaseLogger, FastifyInstance, RawServerDefault } from 'fastify'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { ResolvedApiConfig } from './api-config.ts'
import type { ApiPorts } from './ports.ts'

export type ApiInstance = FastifyInstance<
  RawServerDefault,
  IncomingMessage,
  ServerResponse,
  FastifyBaseLogger,
  TypeBoxTypeProvider
>

export interface RouteContext {
  readonly ports: ApiPorts
  readonly config: ResolvedApiConfig
  readonly version: string
  /** Aborted when this process starts to drain: who waits for something to happen stops waiting. */
  readonly draining: AbortSignal
}

declare module 'fastify' {
  interface FastifyInstance {
    /** From now on new POSTs are refused, /readyz answers 503 and long-polls end. Idempotent; close() calls it. */
    drain(): void
  }
  interface FastifyContextConfig {
    /** Answered without an API key. */
    open?: boolean
    /** The media types this route can answer with, the default first. Without it `Accept` is not looked at. */
    produces?: readonly string[]
  }
  interface FastifyRequest {
    /** The media type that `Accept` and the route's `produces` agreed on. */
    accepted: string
    /** Who asks: a short digest of the API key, or `anonymous`. Never the key. */
    client: string
    /** Of the API key; the one without a name where none is needed. */
    tenant: string
    /** SHA-256 of the body's bytes; null when there was none or it is a stream. */
    bodyDigest: string | null
  }
}
