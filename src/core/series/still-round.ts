// Decides whether a round showed a host exactly as it was known. It says nothing about what the host is: a name that has not been
// assessed yet, or whose verdict waits for more rounds or for time to pass, is assessed all the same.
import type { AnswerWindow } from './answer-window.ts'
import type { HostSeries } from './host-series.ts'
import type { HostView } from './host-view.ts'
import type { OutcomeCounts } from './outcome-counts.ts'
import type { SeenAlias } from './seen-alias.ts'

/**
 * Whether the round that turned `before` into `after` brought nothing but the same again. False when in doubt.
 *
 * It compares, and all of it must hold:
 * - `after` is one round further than `before`, and some vantage gave addresses in it.
 * - Outcomes: no failure of any kind and no NXDOMAIN more. Each answer is in the view of another vantage and type. NODATA came not
 *   at all, or for the one family of which no vantage ever had an address, as often as the other was answered.
 * - Addresses: none more, none that another vantage saw now, the latest news as old as before; and few of them: with a sketch, or once
 *   hours are counted, no round is still.
 * - CNAME targets: none more; one that every fresh answer led through still is, one that some did was not used.
 * - Views: the same, each with the widths, TTLs, changes within the TTL, caches and awaited authorities that it had. A fresh answer has
 *   the usual width; if it opened a window, all that is in it was in the window before; if it did not, its copy in the cache is there.
 *   All copies are of the set that the view's copies were of.
 *
 * Not compared: times, and how often the same was said (fresh answers, repeats, windows, looks within the TTL).
 */
export function isStill(before: HostSeries, after: HostSeries): boolean {
  if (after.rounds !== before.rounds + 1 || before.views.length === 0) return false
  return (
    hasSameAddresses(before, after) &&
    hasOnlyAnswers(before, after) &&
    hasSameViews(before.views, after.views, after.outcomes.answer - before.outcomes.answer) &&
    hasSameWays(before, after)
  )
}

function hasSameAddresses(before: HostSeries, after: HostSeries): boolean {
  const held = before.addresses.entries
  const holds = after.addresses.entries
  if (after.addresses.dropped || after.hours !== null || holds.length !== held.length) return false
  if (after.news.A?.at !== before.news.A?.at || after.news.AAAA?.at !== before.news.AAAA?.at) return false
  // Without a sketch entries are never let go, and vantages neither: as many are the same.
  for (let index = 0; index < holds.length; index += 1)
    if (holds[index]!.vantages.length !== held[index]!.vantages.length) return false
  return true
}

function hasOnlyAnswers(before: HostSeries, after: HostSeries): boolean {
  const answers = after.outcomes.answer - before.outcomes.answer
  const nodata = after.outcomes.nodata - before.outcomes.nodata
  if (answers === 0 || after.outcomes.nxdomain !== before.outcomes.nxdomain) return false
  if (!hasSameFailures(before.outcomes.failures, after.outcomes.failures)) return false
  return nodata === 0 || (nodata === answers && isOfOneFamily(before.views))
}

function hasSameFailures(before: OutcomeCounts['failures'], after: OutcomeCounts['failures']): boolean {
  if (before === after) return true
  // Failures only become more.
  for (const [kind, count] of Object.entries(after))
    if (before[kind as keyof OutcomeCounts['failures']] !== count) return false
  return true
}

function isOfOneFamily(views: readonly HostView[]): boolean {
  const { type } = views[0]!
  for (const view of views) if (view.type !== type) return false
  return true
}

/** `answers`: how many there were in the round. */
function hasSameViews(before: readonly HostView[], after: readonly HostView[], answers: number): boolean {
  if (after.length !== before.length) return false
  let answered = 0
  for (let index = 0; index < after.length; index += 1) {
    const view = after[index]!
    const held = before[index]!
    if (view === held) continue
    if (!isSameAgain(held, view)) return false
    if (view.freshAnswers !== held.freshAnswers || view.repeats !== held.repeats) answered += 1
  }
  return answered === answers
}

function isSameAgain(before: HostView, after: HostView): boolean {
  return (
    after.vantage === before.vantage &&
    after.type === before.type &&
    after.firstWidth === before.firstWidth &&
    after.widthMin === before.widthMin &&
    after.widthMax === before.widthMax &&
    after.ttlMinSeconds === before.ttlMinSeconds &&
    after.ttlMaxSeconds === before.ttlMaxSeconds &&
    after.changesWithinTtl === before.changesWithinTtl &&
    after.caches === before.caches &&
    after.awaited.length === before.awaited.length &&
    hasSameSet(before, after) &&
    isUsualLook(before, after)
  )
}

/** Whether all cached copies, the one of this round among them, are of the set that those before were of. */
function hasSameSet(before: HostView, after: HostView): boolean {
  const set = (before.cache[0] ?? after.cache[0])?.set
  for (const copy of after.cache) if (copy.set !== set) return false
  return true
}

function isUsualLook(before: HostView, after: HostView): boolean {
  const fresh = after.freshAnswers - before.freshAnswers
  if (fresh === 0) return true
  if (after.widthSum - before.widthSum !== fresh * after.widthMax) return false
  // Without a window the answer's addresses are known from its copy alone.
  if (after.windows === before.windows) return fresh === 1 && before.cache.length > 0 && holdsLatest(after)
  const latest = after.recent.at(-1)
  // Where not the whole window before is kept, what was in it is an estimate.
  return before.windowSet.length === latest?.width && isStillWindow(before.recent.at(-1), latest)
}

function holdsLatest({ cache, lastFreshAt }: HostView): boolean {
  return cache.some(({ firstSeenAt }) => firstSeenAt === lastFreshAt)
}

function isStillWindow(before: AnswerWindow | undefined, after: AnswerWindow): boolean {
  if (after.width !== before?.width) return false
  return after.fresh === 0 && after.sampled === after.width && after.continuing === after.width
}

function hasSameWays(before: HostSeries, after: HostSeries): boolean {
  const held = before.chain.entries
  const holds = after.chain.entries
  if (after.chain.dropped || holds.length !== held.length) return false
  for (let index = 0; index < holds.length; index += 1)
    if (!isUsedAsBefore(held[index]!, holds[index]!, before.views, after.views)) return false
  return true
}

function isUsedAsBefore(
  held: SeenAlias,
  holds: SeenAlias,
  viewsBefore: readonly HostView[],
  viewsAfter: readonly HostView[],
): boolean {
  if (holds.uses.length !== held.uses.length) return false
  for (let index = 0; index < holds.uses.length; index += 1) {
    const { vantage, type, freshAnswers } = held.uses[index]!
    const place = viewsBefore.findIndex((view) => view.vantage === vantage && view.type === type)
    if (place < 0) return false
    const wasOnEachWay = freshAnswers === viewsBefore[place]!.freshAnswers
    const expected = wasOnEachWay ? viewsAfter[place]!.freshAnswers : freshAnswers
    if (holds.uses[index]!.freshAnswers !== expected) return false
  }
  return true
}
