import { expect, it } from 'vitest'
import { verdictLines } from '../../src/cli/verdict-text.ts'
import { assessment, DOUBLE_FLUX } from '../core/explain/sample-assessments.ts'

it('tells the verdict first, then why, what limits it and what would change it, without the advisory', () => {
  const lines = verdictLines(assessment(DOUBLE_FLUX, { notes: ['A limit.'] }), false)
  expect(lines[0]).toBe('bad.example: flux (double), score 0.9980')
  expect(lines.filter((line) => /^ {2}\S/.test(line))).toEqual([
    expect.stringMatching(/^ {2}bad\.example: its addresses and its name servers flux/),
    '  Evidence, heaviest first:',
    '  Characteristics of a fast-flux network:',
    '  Limits:',
    '  What would change it:',
    '  No look is due: the name is not watched any more.',
  ])
  expect(lines).toContain('    For flux, 3.10 nats: Sentence of a-growth.')
  expect(lines).toContain('    A limit.')
  expect(lines.join('\n')).toMatch(/Proxies hide the real host: unknown\. Not visible by DNS/)
})

it('leaves out what there is nothing to say of', () => {
  const bare = assessment({}, { verdict: 'pending', fluxType: null, score: 0.08, evidence: [] })
  expect(verdictLines(bare, true).join('\n')).not.toMatch(/Evidence|Limits/)
})
