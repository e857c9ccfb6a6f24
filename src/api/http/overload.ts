// Refuses requests while this process is too busy to serve them in time: better a quick 503 than a late answer.
import underPressure from '@fastify/under-pressure'
import { FluxError } from '../../core/errors.ts'
import type { OverloadLimits } from '../api-config.ts'
import type { ApiInstance } from '../api-instance.ts'

class OverloadedError extends FluxError {
  constructor() {
    super('FLUX_OVERLOADED', 'This process is too busy at the moment; try again.')
  }
}

/** Routes with `config.pressureHandler: letThrough` are served all the same. */
export async function refuseUnderPressure(app: ApiInstance, limits: Required<OverloadLimits>): Promise<void> {
  await app.register(underPressure, {
    maxEventLoopDelay: limits.maxEventLoopDelayMs,
    maxHeapUsedBytes: limits.maxHeapUsedBytes,
    maxRssBytes: limits.maxRssBytes,
    sampleInterval: limits.sampleIntervalMs,
    customError: OverloadedError,
  })
}

/** For health and metrics: an operator must see a busy process. */
export function letThrough(): void {}
