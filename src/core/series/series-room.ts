// How much of a host's past is kept, so that the stored series stays under 16 kB whatever the host and its watchers do: more
// vantages leave less room for each, more addresses less for cached copies. Features work on what is there.
import { AWAITED_LIMIT } from './awaited-authorities.ts'
import type { HostView } from './host-view.ts'
import { COMPARED_ADDRESSES } from './answer-window.ts'
import { RECENT_WINDOWS } from './host-view.ts'
import { CACHE_MEMORY } from './cache-memory.ts'

/** Of all views of a host together. The cached copies share their room with the addresses. */
export interface SeriesRoom {
  readonly windows: number
  readonly comparedAddresses: number
  readonly copies: number
  readonly awaitedAuthorities: number
}

/** `limit`: what the host's addresses may weigh; `weight`: what they weigh. */
export function roomOf(limit: number, weight: number): SeriesRoom {
  return {
    windows: limit / 2,
    comparedAddresses: limit / 2,
    copies: Math.max(limit / 4, limit - weight),
    awaitedAuthorities: limit,
  }
}

/** The views, cut to their share: the latest windows, the copies that expire last, the addresses with the smallest hash. */
export function fitViews(views: readonly HostView[], room: SeriesRoom): readonly HostView[] {
  let caching = 0
  let awaiting = 0
  for (const view of views) {
    if (view.cache.length > 0) caching += 1
    if (view.awaited.length > 0) awaiting += 1
  }
  const windows = shareOfRoom(room.windows, views.length, RECENT_WINDOWS)
  const addresses = shareOfRoom(room.comparedAddresses, views.length, COMPARED_ADDRESSES)
  const copies = shareOfRoom(room.copies, caching, CACHE_MEMORY)
  const authorities = shareOfRoom(room.awaitedAuthorities, awaiting, AWAITED_LIMIT)
  return views.map((view) => {
    const { recent, windowSet, cache, awaited } = view
    const fits = recent.length <= windows && windowSet.length <= addresses && cache.length <= copies
    if (fits && awaited.length <= authorities) return view
    return {
      ...view,
      recent: recent.slice(-windows),
      windowSet: windowSet.slice(0, addresses),
      cache: cache.slice(0, copies),
      awaited: awaited.slice(0, authorities),
    }
  })
}

/** What each of some views may keep of a room that they share: at least 1, at most `most`. */
export function shareOfRoom(room: number, views: number, most: number): number {
  return Math.min(most, Math.max(1, Math.floor(room / Math.max(1, views))))
}
