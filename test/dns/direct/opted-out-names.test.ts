// Names that nobody may be asked about, where only the walk itself comes upon them.
import { expect, test } from 'vitest'
import { readOptOutEntries } from '../../../src/dns/opt-out-entries.ts'
import { host, ns, type Script } from './scripted-internet.ts'
import { stage } from './stage.ts'

/** `site.com` is served by a name server of `outside.org`, for which there is no glue. */
const GLUELESS: Script = {
  delegated: [
    { from: 'com', at: 'site.com', ns: ns('site.com', 60, 'ns.outside.org') },
    {
      from: 'org',
      at: 'outside.org',
      ns: ns('outside.org', 60, 'ns1.outside.org'),
      glue: host('ns1.outside.org', 60, '20.1.0.1'),
    },
  ],
  zones: [
    { apex: 'outside.org', at: ['20.1.0.1'], lines: host('ns.outside.org', 60, '20.1.0.2') },
    { apex: 'site.com', at: ['20.1.0.2'], lines: host('site.com', 60, '21.1.0.1') },
  ],
}

test.each([
  ['not looked up below an opted-out domain', 'outside.org', 0],
  ['looked up below every other one', 'elsewhere.org', 1],
])('The addresses of name servers are %s', async (_, entry, answers) => {
  const { entries } = readOptOutEntries(entry)
  const { source, internet } = stage([GLUELESS], { mayAsk: (_address, name) => !entries.coversName(name) })
  const replies = await source.look({ name: 'site.com', type: 'A' })
  expect(replies.filter(({ outcome }) => outcome === 'answer')).toHaveLength(answers)
  expect(internet.asked.some((line) => line.includes('outside.org'))).toBe(answers > 0)
  await source.close()
})
