// The small readers of HTTP: Accept, times, lines.
import assert from 'node:assert/strict'
import { array, assert as assertProperty, asyncProperty, nat, string } from 'fast-check'
import { describe, it } from 'vitest'
import { readLines } from '../../src/api/http/line-reader.ts'
import { negotiate } from '../../src/api/http/media-types.ts'
import { parseMoment } from '../../src/api/http/moment.ts'

describe('Accept', () => {
  const offered = ['application/json', 'application/x-ndjson', 'text/csv']
  it.each([
    [undefined, 'application/json'],
    ['', 'application/json'],
    ['*/*', 'application/json'],
    ['application/x-ndjson', 'application/x-ndjson'],
    ['TEXT/CSV; charset=utf-8', 'text/csv'],
    ['text/*', 'text/csv'],
    ['application/json;q=0.5, text/csv;q=0.9', 'text/csv'],
    ['application/json;q=0.5, application/x-ndjson;q=0.5', 'application/json'],
    ['application/json;q=0, */*;q=0.1', 'application/x-ndjson'],
    ['text/html,application/xhtml+xml,*/*;q=0.8', 'application/json'],
    ['image/png', null],
    ['application/json;q=0', null],
    ['application/json;q=x', null],
  ])('%s means %s', (accept, expected) => {
    assert.equal(negotiate(accept, offered), expected)
  })
})

describe('a moment', () => {
  const noon = Date.UTC(2026, 10, 22, 12)
  it.each([
    ['2026-11-22T12:00:00Z', noon],
    ['2026-11-22T12:00:00.250Z', noon + 250],
    ['2026-11-22T12:00', noon],
    ['2026-11-22T14:00:00+02:00', noon],
    ['2026-11-22', noon - 43_200_000],
    [String(noon / 1000), noon],
    [`${noon / 1000}.5`, noon + 500],
    ['0', 0],
    ['-1', null],
    ['2026-13-01', null],
    ['2026-11-22T25:00:00Z', null],
    ['22.11.2026', null],
    ['noon', null],
    ['1e9', null],
    ['', null],
  ])('%j is %s ms', (text, expected) => {
    assert.equal(parseMoment(text), expected)
  })
})

async function* chunksOf(chunks: readonly Buffer[]): AsyncGenerator<Buffer> {
  yield* chunks
}

async function linesOf(chunks: readonly Buffer[], maxLineBytes: number) {
  const lines = []
  for await (const some of readLines(chunksOf(chunks), maxLineBytes)) lines.push(...some)
  return lines
}

describe('lines', () => {
  it('are the same however the stream was cut into chunks', async () => {
    const line = string({ unit: 'grapheme', maxLength: 12 }).filter((text) => !/[\r\n]/u.test(text))
    await assertProperty(
      asyncProperty(array(line), array(nat(40)), async (texts, cuts) => {
        const whole = Buffer.from(texts.join('\n'))
        const at = [
          0,
          ...cuts.map((cut) => Math.min(cut, whole.length)).toSorted((a, b) => a - b),
          whole.length,
        ]
        const chunks = at.slice(1).map((end, index) => whole.subarray(at[index], end))
        const read = (await linesOf(chunks, 4096)).map(({ index, text }) => [index, text])
        const expected = texts.map((text, index) => [index, text.trim()]).filter(([, text]) => text !== '')
        assert.deepEqual(read, expected)
      }),
    )
  })

  it('may be as long as the limit, and are reported, not kept, when they are longer', async () => {
    const chunks = ['1234', '\n123', '45678', '9\nab\n'].map((text) => Buffer.from(text))
    assert.deepEqual(await linesOf(chunks, 4), [
      { index: 0, text: '1234', problem: null, start: '' },
      { index: 1, text: null, problem: 'line_too_long', start: '12345' },
      { index: 2, text: 'ab', problem: null, start: '' },
    ])
  })
})
