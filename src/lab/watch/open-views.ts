// Opens the vantages of one watch, each with a memory of its own.
import type { NameSpace } from '../name-space.ts'
import { createDice } from '../random.ts'
import { directView } from './direct-view.ts'
import { resolverView } from './resolver-view.ts'
import type { Mishap, ReplyDelay, VantageView, WatchVantage } from './watch-vantage.ts'

export interface OpenViewsOptions {
  readonly space: NameSpace
  readonly vantages: readonly WatchVantage[]
  /** Default: nothing fails but what the zones themselves let fail. */
  readonly mishap?: Mishap
  /** Default 40 ms each. */
  readonly replyDelayMs?: ReplyDelay
}

/** Two vantages reach an authority this far apart: a server that draws each answer anew draws one for each of them. ms. */
const APART_MS = 5

/** In order of their ids, so that the order in which they are given changes nothing. */
export function openViews(options: OpenViewsOptions): readonly VantageView[] {
  const { space, vantages, mishap = () => null, replyDelayMs = () => 40 } = options
  let replies = 0
  const parts = {
    space,
    mishap,
    dice: createDice('watch'),
    replyDelayMs: () => replyDelayMs((replies += 1)),
  }
  return vantages
    .toSorted((a, b) => (a.id < b.id ? -1 : 1))
    .map((vantage, rank) => {
      const view = vantage.kind === 'direct' ? directView(vantage, parts) : resolverView(vantage, parts)
      return { ...view, look: (question, at) => view.look(question, at + rank * APART_MS) }
    })
}
