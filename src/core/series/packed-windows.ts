// The windows of a view as bytes: runs of equal ones. A settled host has one kind of them, which the reader can tell without any byte.
import type { AnswerWindow } from './answer-window.ts'
import type { ByteReader } from './byte-reader.ts'
import type { ByteWriter } from './byte-writer.ts'
import { RECENT_WINDOWS } from './host-view.ts'

/** The bits of a window's mask; what is left of the byte counts how often it follows itself. */
const MASK = 16

/** What a view of one width that never showed anything new remembers. */
export function stillWindows(windows: number, width: number): readonly AnswerWindow[] {
  const window = { width, sampled: width, fresh: 0, continuing: width }
  return Array.from({ length: Math.min(RECENT_WINDOWS, windows) }, () => window)
}

export function isStillWindows(recent: readonly AnswerWindow[], windows: number, width: number): boolean {
  if (recent.length !== Math.min(RECENT_WINDOWS, windows)) return false
  for (const { width: one, sampled, fresh, continuing } of recent)
    if (one !== width || sampled !== width || fresh !== 0 || continuing !== width) return false
  return true
}

export function areSameWindows(a: readonly AnswerWindow[], b: readonly AnswerWindow[]): boolean {
  if (a === b) return true
  if (a.length !== b.length) return false
  for (let index = 0; index < a.length; index += 1) if (!isSame(a[index]!, b[index]!)) return false
  return true
}

/** How many there are the reader knows; `width`: what the first is near to. */
export function writeWindows(to: ByteWriter, recent: readonly AnswerWindow[], width: number): void {
  let before = width
  for (let index = 0; index < recent.length;) {
    const window = recent[index]!
    let end = index + 1
    while (end < recent.length && isSame(recent[end]!, window)) end += 1
    const rest = [
      window.width - before,
      window.sampled - window.width,
      window.fresh,
      window.continuing - (window.sampled - window.fresh),
    ]
    let mask = 0
    for (let bit = 0; bit < 4; bit += 1) if (rest[bit] !== 0) mask |= 1 << bit
    to.count((end - index - 1) * MASK + mask)
    for (const value of rest) if (value !== 0) to.signed(value)
    before = window.width
    index = end
  }
}

export function readWindows(from: ByteReader, size: number, width: number): readonly AnswerWindow[] {
  const recent: AnswerWindow[] = []
  let before = width
  while (recent.length < size) {
    const head = from.count()
    before += from.rest(head, 0)
    const sampled = before + from.rest(head, 1)
    const fresh = from.rest(head, 2)
    const window = { width: before, sampled, fresh, continuing: sampled - fresh + from.rest(head, 3) }
    for (let left = Math.floor(head / MASK); left >= 0; left -= 1) recent.push(window)
  }
  return recent
}

function isSame(a: AnswerWindow, b: AnswerWindow): boolean {
  return (
    a.width === b.width && a.sampled === b.sampled && a.fresh === b.fresh && a.continuing === b.continuing
  )
}
