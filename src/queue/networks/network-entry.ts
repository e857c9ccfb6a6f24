// The outbox entry of a network that changed. One a change, whoever makes it and however often.
import { createHash } from 'node:crypto'
import type { NetworkEntry } from '../../core/model/outbox.ts'
import type { ToldChange } from '../../core/networks/network-plan.ts'

export function networkEntry({ change, summary }: ToldChange): NetworkEntry {
  const { network: id, version } = change
  return {
    kind: 'network',
    id: entryId(id, version),
    news: {
      id,
      change: change.change,
      version,
      at: new Date(change.at).toISOString(),
      domains: summary.domains,
      agents: summary.agents,
      count: change.count,
      names: change.domains,
      networks: change.networks,
      formed_at: new Date(summary.formedAt).toISOString(),
      ended_at: summary.endedAt === null ? null : new Date(summary.endedAt).toISOString(),
      merged_into: summary.mergedInto,
      split_from: summary.splitFrom,
      links: { network: `/v1/networks/${encodeURIComponent(id)}` },
    },
  }
}

/** Holds no dots, since it becomes a `webhook-id`. */
function entryId(network: string, version: number): string {
  return `evt_${createHash('sha256').update(`network/${network}/${version}`).digest('hex').slice(0, 24)}`
}
