// What a submission came to, in whatever form it was sent.
import type { WebhookEndpoint } from '../../core/model/webhook.ts'
import type { IntakeTally } from './intake-tally.ts'

export interface Intake {
  readonly scan: string
  /** Distinct domains in the scan. */
  readonly accepted: number
  /** Items that repeat a domain of the same submission. */
  readonly duplicates: number
  readonly tally: IntakeTally
  readonly webhook: WebhookEndpoint | null
}
