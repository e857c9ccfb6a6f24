// Brings what version 2 wrote to the form of version 3, so that a watch goes on over an update.
import type { PackedHost3 } from './version-3-host.ts'
import type { PackedZone3 } from './version-3-zone.ts'

/**
 * Version 2 knew neither when a cached copy was seen first and last, nor the views and the delegation of a zone. The copies are
 * forgotten: the next repeat of each counts as fresh, once.
 */
export function fromVersion2(packed: PackedHost3 | PackedZone3): PackedHost3 | PackedZone3 {
  if (packed.k === 'host')
    return { ...packed, w: packed.w.map((view) => ({ ...view, c: [], caches: 0, awaited: [] })) }
  return { ...packed, w: [], d: null }
}
