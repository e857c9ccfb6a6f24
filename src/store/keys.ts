// The only file that makes Redis keys. Every key of a target carries its partition as a hash tag, so that one commit
// stays in one slot of Redis Cluster, and each partition has its own due set and its own two streams (the outbox).
import { DEFAULT_TENANT } from '../core/model/tenant.ts'
import type { AgentRole } from '../core/networks/agents.ts'
import { stableHash } from '../core/series/stable-hash.ts'

/** One of sixteen, and the hash tag of its keys. */
export type Partition = string

/**
 * Fixed for the life of an instance: another list would orphan what is stored. The names are chosen for their slots, which lie
 * 1,024 apart: however many masters share the slots evenly, up to sixteen, they share the partitions evenly too.
 */
export const PARTITIONS: readonly Partition[] =
  '04s 15s 26s 37s 40s 51s 62s 73s 83r 92r aoo b1h c00 d7h eko fy5'.split(' ')

/** The partition of a name: a host and a zone of the same name share it. Of an address likewise. */
export function partitionOf(name: string): Partition {
  return PARTITIONS[stableHash(name) % PARTITIONS.length]!
}

/** Hash tags of the probe queues' shards in a cluster: their slots lie 2,048 apart. */
const SHARD_TAGS = '0w3 1gi 296 3md 43e 5g7 6qu 71c'.split(' ').map((tag) => `fw-probe-${tag}`)

export const keys = {
  /** What every key of a partition begins with: scripts make the keys of a target from it, all in one slot. */
  prefix: (partition: Partition) => `fw:{${partition}}:`,
  /** Sorted set of a tenant: target id → when it is due (ms). */
  due: (partition: Partition, tenant = DEFAULT_TENANT) => `fw:{${partition}}:due${suffixOf(tenant)}`,
  /** The same of targets that wait for their first round in a scan's first names: they go before the others. */
  express: (partition: Partition, tenant = DEFAULT_TENANT) => `fw:{${partition}}:express${suffixOf(tenant)}`,
  /** Set of the named tenants that have targets here. */
  tenants: (partition: Partition) => `fw:{${partition}}:tenants`,
  /** Sorted set: target id that is being probed → when its lease ends (ms), as long as that is its due time. */
  leases: (partition: Partition) => `fw:{${partition}}:leases`,
  /** Stream of committed rounds, read by the historian. */
  observations: (partition: Partition) => `fw:{${partition}}:observations`,
  /** Hash: what waits in that stream (octets), and what was lost to it (store/scripts/commit-rounds.ts, settle-entries.ts). */
  observationsBacklog: (partition: Partition) => `fw:{${partition}}:observations:backlog`,
  /** Stream of those of its entries that nobody could read, the latest of them. */
  observationsUnreadable: (partition: Partition) => `fw:{${partition}}:observations:unreadable`,
  /** Stream of what happened, read by the dispatcher. */
  events: (partition: Partition) => `fw:{${partition}}:events`,
  /** All that is kept of a target, in bytes (target-record.ts). */
  target: (name: string, id: string) => `fw:{${partitionOf(name)}}:t:${id}`,
  /** Set: ids of the targets that need this one, where they are too many for its record. */
  references: (name: string, id: string) => `fw:{${partitionOf(name)}}:references:${id}`,
  /** The latest assessment of a domain, as JSON; none while the domain is at rest. */
  assessment: (name: string) => `fw:{${partitionOf(name)}}:assessment:${name}`,
  /** Sorted set: registrable domain that was flagged at the address → when the address last served it (ms). */
  flaggedAt: (role: AgentRole, address: string) =>
    `fw:{${partitionOf(address)}}:flagged-at:${role}:${address}`,
  /** HyperLogLog of all the names that were ever in that sorted set, for a month. */
  flaggedCrowd: (role: AgentRole, address: string) =>
    `fw:{${partitionOf(address)}}:flagged-crowd:${role}:${address}`,
  /** Hash of a name: address → when and by which sensors it was seen (note-sensed.ts). */
  sensed: (name: string) => `fw:{${partitionOf(name)}}:sensed:${name}`,
  /** There while anything is noted of any name. */
  sensedAtAll: () => 'fw:{sensed}:at-all',
  /** HyperLogLog of the registrable domains that are not flagged and were seen at the address, for a month. */
  strangers: (address: string) => `fw:{${partitionOf(address)}}:strangers:${address}`,
  /** Stream of flagged and cleared names, read by the keeper of the networks. */
  flagged: (partition: Partition) => `fw:{${partition}}:flagged`,
  /** Hash: flagged name → what it brings, and its network, in bytes (packed-member.ts). */
  networkMembers: (partition: Partition) => `fw:{${partition}}:network-members`,
  /** Hash: registrable domain → ids of the networks in which a name of it stands alone, with commas between. */
  networkZones: (partition: Partition) => `fw:{${partition}}:network-zones`,
  /** The latest generation of keepers that writes here: older ones are refused. */
  keeperHere: (partition: Partition) => `fw:{${partition}}:network-keeper`,
  /** The lock of the one process that keeps the networks, and how many there were before it. */
  keeper: () => 'fw:{networks}:keeper',
  keeperGeneration: () => 'fw:{networks}:generation',
  /** What the keeper is about to write in several slots, for whoever comes after it. */
  networkLog: () => 'fw:{networks}:log',
  /** Sorted set, all of one score: a network's place in the list. Of all, of those that live, of those that ended. */
  networks: () => 'fw:{networks}:list',
  livingNetworks: () => 'fw:{networks}:living',
  endedNetworks: () => 'fw:{networks}:ended',
  /** Hash of a network: its summary (JSON), and how many registrable domains stand alone in it. */
  network: (id: string) => `fw:{networks}:network:${id}`,
  /** Sorted set, all of one score: since when which name is in the network. */
  networkPlaces: (id: string) => `fw:{networks}:places:${id}`,
  /** Hash of a scan's own fields and counters. */
  scan: (id: string) => `fw:{${partitionOf(id)}}:scan:${id}`,
  /** List of a scan's domains, in order of submission. */
  scanDomains: (id: string) => `fw:{${partitionOf(id)}}:scan-domains:${id}`,
  /** Hash: domain → the verdict that the scan's counters hold. */
  scanVerdicts: (id: string) => `fw:{${partitionOf(id)}}:scan-verdicts:${id}`,
  /** Sorted set: scan → when its time is up (ms). */
  scanDeadlines: (partition: Partition) => `fw:{${partition}}:scan-deadlines`,
  idempotency: (digest: string) => `fw:{${partitionOf(digest)}}:idempotency:${digest}`,
  /** Sorted set of webhook endpoint ids by creation. */
  endpoints: () => 'fw:{hooks}:endpoints',
  endpoint: (id: string) => `fw:{hooks}:endpoint:${id}`,
  /** Set of the endpoint ids that belong to one scan. */
  scanEndpoints: (scan: string) => `fw:{hooks}:scan-endpoints:${scan}`,
  /** Set of the endpoint ids that get the events of every scan. */
  globalEndpoints: () => 'fw:{hooks}:global-endpoints',
  /** Sorted set of an endpoint's delivery ids by creation. */
  deliveries: (endpoint: string) => `fw:{hooks}:deliveries:${endpoint}`,
  /** Sorted set of those deliveries of an endpoint that are over (delivered or failed): what may be trimmed. */
  settledDeliveries: (endpoint: string) => `fw:{hooks}:settled-deliveries:${endpoint}`,
  delivery: (id: string) => `fw:{hooks}:delivery:${id}`,
  /** Channel on which verdict changes are published for waiting requests. */
  verdictChannel: () => 'fw:verdicts',
} as const

/** BullMQ key prefixes: a hash tag keeps one queue in one slot. Deliveries are few, and what they need lies in one slot anyway. */
export const QUEUE_PREFIX = { deliver: '{fw-deliver}' } as const

/** Prefixes of the probe queues, one a shard: several in a cluster, so that its masters share them, else one. */
export function probePrefixes(isCluster: boolean): readonly string[] {
  return isCluster ? SHARD_TAGS.map((tag) => `{${tag}}`) : ['{fw-probe}']
}

function suffixOf(tenant: string): string {
  return tenant === DEFAULT_TENANT ? '' : `:${tenant}`
}
