// Every story of the scripted Internet by plain calls, without sockets. test/e2e/direct.test.ts tells the same ones to
// real sockets.
import { describe, expect, it } from 'vitest'
import { DirectSource } from '../../../src/dns/direct/direct-source.ts'
import { BASE_INTERNET, ROOT_HINTS } from './base-internet.ts'
import { ScriptedAuthority } from './scripted-authority.ts'
import { ScriptedInternet } from './scripted-internet.ts'
import { STORIES } from './stories.ts'
import { questionOf, shownReplies } from './story.ts'

describe('the direct vantage', () => {
  it.each(STORIES)('$title', async ({ rounds }) => {
    const internet = new ScriptedInternet([BASE_INTERNET, ...STORIES])
    const source = new DirectSource({
      rootHints: ROOT_HINTS,
      qpsPerAuthority: 10_000,
      openAuthority: ({ address }) => new ScriptedAuthority(internet, address),
    })
    for (const round of rounds) {
      if (round.change) internet.changeCut(round.change.from, round.change)
      expect(shownReplies(await source.look(questionOf(round)))).toEqual(round.seen.toSorted())
    }
    await source.close()
  })

  it('is told at least forty zones', () => {
    const zones = new Set(STORIES.flatMap(({ delegated = [] }) => delegated.map(({ at }) => at)))
    expect(zones.size).toBeGreaterThanOrEqual(40)
  })
})
