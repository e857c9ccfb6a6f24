// Takes a submission that is there as a whole (JSON, plain text): all of it is accepted, or nothing.
import { setImmediate } from 'node:timers/promises'
import type { EventType } from '../../core/model/event.ts'
import type { WebhookEndpoint } from '../../core/model/webhook.ts'
import type { ApiPorts, ScanOptions } from '../ports.ts'
import { relocated } from '../problems/relocated-error.ts'
import { IntakeTally } from './intake-tally.ts'
import { noValidDomain } from './intake-problems.ts'
import type { SubmittedItem } from './submitted-item.ts'
import type { Intake } from './intake.ts'

/** Names that are parsed, or added, in one go before others get a turn on the event loop. */
const CHUNK_ITEMS = 1000

export interface WebhookWish {
  readonly url: string
  readonly secret: string | null
  readonly events: readonly EventType[]
}

/**
 * Opens a scan, makes its webhook, adds the names and seals it.
 * Throws FLUX_NO_VALID_DOMAIN, and what the ports throw; then no scan is left watching.
 */
export async function submitBatch(
  ports: Pick<ApiPorts, 'scans' | 'webhooks' | 'optOut'>,
  options: ScanOptions,
  items: readonly SubmittedItem[],
  wish: WebhookWish | null,
): Promise<Intake> {
  const tally = new IntakeTally(items.length, ports.optOut)
  const names = new Set<string>()
  for (const [position, item] of items.entries()) {
    if (position % CHUNK_ITEMS === CHUNK_ITEMS - 1) await setImmediate()
    const name = tally.take(item)
    if (name !== null) names.add(name)
  }
  if (names.size === 0) throw noValidDomain(tally)

  const scan = await ports.scans.open(options)
  let webhook: WebhookEndpoint | null = null
  try {
    // Before the first name: a URL that is refused must not leave half a submission.
    if (wish) webhook = await createWebhook(ports, wish, scan)
    const list = [...names]
    for (let at = 0; at < list.length; at += CHUNK_ITEMS) {
      await ports.scans.add(scan, list.slice(at, at + CHUNK_ITEMS))
    }
    await ports.scans.seal(scan)
  } catch (error) {
    await undo(ports, scan, webhook)
    throw error
  }
  return { scan, accepted: names.size, duplicates: tally.valid - names.size, tally, webhook }
}

async function createWebhook(
  ports: Pick<ApiPorts, 'webhooks'>,
  wish: WebhookWish,
  scan: string,
): Promise<WebhookEndpoint> {
  try {
    return await ports.webhooks.create({ ...wish, scan })
  } catch (error) {
    throw relocated(error, '/webhook')
  }
}

/** As far as the store lets us: it may be the store that failed. The first error is the one to tell. */
async function undo(
  ports: Pick<ApiPorts, 'scans' | 'webhooks'>,
  scan: string,
  webhook: WebhookEndpoint | null,
): Promise<void> {
  await Promise.allSettled([ports.scans.cancel(scan), webhook ? ports.webhooks.remove(webhook.id) : null])
}
