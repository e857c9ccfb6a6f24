// What is watched as a series: a host or a zone, nothing else.

export type TargetKind = 'host' | 'zone'

/** `name` is an A-label name, lower case, without the trailing dot. */
export interface Target {
  readonly kind: TargetKind
  readonly name: string
}

/** `host:www.example` or `zone:example`: the form used in Redis and in job payloads. */
export type TargetId = `${TargetKind}:${string}`

export function targetId(target: Target): TargetId {
  return `${target.kind}:${target.name}`
}

/** Inverse of `targetId`. Throws on anything that it did not make: ids come from our own store only. */
export function parseTargetId(id: string): Target {
  const at = id.indexOf(':')
  const kind = id.slice(0, at)
  if (kind !== 'host' && kind !== 'zone') throw new Error(`not a target id: ${id}`)
  return { kind, name: id.slice(at + 1) }
}
