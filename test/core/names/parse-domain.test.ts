// The table of names from outside, and what holds for every input whatever it is.
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { NAME_REFUSALS } from '../../../src/core/names/name-refusal.ts'
import { parseDomain } from '../../../src/core/names/parse-domain.ts'
import { ACCEPTED_NAMES } from './accepted-names.ts'
import { REFUSED_INPUTS } from './refused-names.ts'

const ACCEPTED = ACCEPTED_NAMES.map((row) => ({ ...row, shown: shownAs(row.input) }))
const REFUSED = Object.entries(REFUSED_INPUTS).flatMap(([code, inputs]) =>
  inputs.map((input) => ({ code, input, shown: shownAs(input) })),
)

/** Titles stay printable: everything but plain ASCII is spelled as an escape, and long inputs are cut. */
function shownAs(input: unknown): string {
  const text = typeof input === 'string' ? JSON.stringify(input) : String(input)
  return text.replace(/[^ -~]/g, (unit) => `\\u{${unit.charCodeAt(0).toString(16)}}`).slice(0, 60)
}

describe('names that are taken', () => {
  test.each(ACCEPTED)('$shown is $name', ({ input, name, refanged }) => {
    expect(parseDomain(input)).toMatchObject({ ok: true, name, refanged })
  })

  test('an answer holds the name, its Unicode form and its registrable domain', () => {
    expect(parseDomain('hxxps://WWW.Bücher[.]co[.]uk/x')).toEqual({
      ok: true,
      name: 'www.xn--bcher-kva.co.uk',
      unicode: 'www.bücher.co.uk',
      registrable: 'xn--bcher-kva.co.uk',
      refanged: true,
    })
  })

  test('a host under a private suffix is registered by the owner of that suffix', () => {
    expect(parseDomain('evil.duckdns.org')).toMatchObject({ registrable: 'duckdns.org' })
    expect(parseDomain('user.github.io')).toMatchObject({ registrable: 'github.io' })
  })

  test('an underscore label does not hide the registrable domain', () => {
    expect(parseDomain('_acme.a_b.example.com')).toMatchObject({ registrable: 'example.com' })
  })
})

describe('inputs that are refused', () => {
  test.each(REFUSED)('$shown is refused as $code', ({ input, code }) => {
    const parsed = parseDomain(input)
    expect(parsed).toMatchObject({ ok: false, code })
    if (!parsed.ok) {
      expect(parsed.reason).toMatch(/^\S.*\.$/su)
      expect(parsed.reason.length).toBeLessThan(220)
    }
  })

  test('every code has rows, and the table is large and mostly odd', () => {
    expect(Object.keys(REFUSED_INPUTS).toSorted()).toEqual(Object.keys(NAME_REFUSALS).toSorted())
    expect(Object.values(REFUSED_INPUTS).every((inputs) => inputs.length >= 3)).toBe(true)
    expect(REFUSED.length + ACCEPTED_NAMES.length).toBeGreaterThanOrEqual(140)
    expect(REFUSED.length).toBeGreaterThan(ACCEPTED_NAMES.length)
  })

  test.each([
    ['a..example', 'Label 2 is empty.'],
    [
      'evil example.com',
      'The character U+0020 at position 5 of "evilU+0020example.com" cannot be in a name.',
    ],
    ['ok.-bad.example', 'Label 2, "-bad", begins or ends with a hyphen.'],
    [`${'a'.repeat(64)}.example`, `Label 1, "${'a'.repeat(40)}…", has 64 octets; DNS allows 63.`],
    ['ok.a／b.example', 'Label 2, "a／b", is not allowed in a name by UTS 46.'],
    ['evil.example:65536', '"65536" after the colon is not a port number from 0 to 65535.'],
    ['x.onion', 'Names under .onion are never resolved in the public DNS (RFC 7686).'],
    [null, 'Expected a string, got null.'],
  ])('the reason for %j says what is wrong and where', (input, reason) => {
    expect(parseDomain(input)).toMatchObject({ reason })
  })

  test('a reason never carries control characters of the input', () => {
    const parsed = parseDomain('evil\u202e\u0007\n.example/..\u202e')
    expect(parsed.ok ? '' : parsed.reason).toMatch(/^\P{C}+$/u)
  })
})

// Pieces that the parser knows make strings that get past its first checks.
const piece = fc.constantFrom(
  'evil',
  'xn--',
  'xn--mnchen-3ya',
  'com',
  'co.uk',
  'ü',
  'ß',
  'א',
  '日本',
  '-',
  '_',
  '.',
  '..',
  '[.]',
  '(dot)',
  '。',

  'http://',
  'hxxp[:]//',
  '//',
  '/',
  '\\',
  '@',
  ':',
  ':80',
  '::1',
  '[',
  ']',
  '127',
  '0x7f',
  '%41',
  '\u200d',
  '\ud800',
  ' ',
  '<',
  '>',
  '"',
)
const crafted = fc.array(piece, { maxLength: 12 }).map((pieces) => pieces.join(''))
const nameLike = fc
  .array(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 12 }), { minLength: 1, maxLength: 4 })
  .map((labels) => [...labels, 'example'].join('.'))
const letters = fc.stringMatching(/^[\p{L}\p{N}]{1,12}(?:\.[\p{L}\p{N}_-]{1,12}){1,3}$/u)
const anyText = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 80 }),
  fc.string({ maxLength: 80 }),
  crafted,
  crafted.map((text) => `${text}.example`),
  nameLike,
  letters,
)
const RUNS = { numRuns: 3000 }

describe('whatever the input', () => {
  test('it is answered and never thrown at', () => {
    fc.assert(
      fc.property(anyText, (input) => typeof parseDomain(input).ok === 'boolean'),
      RUNS,
    )
    fc.assert(
      fc.property(fc.anything(), (input) => typeof parseDomain(input).ok === 'boolean'),
      RUNS,
    )
  })

  test('a name has the grammar and the limits of DNS, and lies under its registrable domain', () => {
    let taken = 0
    fc.assert(
      fc.property(anyText, (input) => {
        const parsed = parseDomain(input)
        if (!parsed.ok) return
        taken++
        expect(parsed.name).toMatch(
          /^(?=.{3,253}$)(?:(?!-)[a-z0-9_-]{1,63}(?<!-)\.)+(?!-)[a-z0-9_-]{1,63}(?<!-)$/,
        )
        expect(`.${parsed.name}`.endsWith(`.${parsed.registrable}`)).toBe(true)
      }),
      RUNS,
    )
    expect(taken).toBeGreaterThan(50)
  })

  test('a name, its Unicode form and its upper case with a trailing dot all parse to the same, and are not refanged', () => {
    fc.assert(
      fc.property(anyText, (input) => {
        const first = parseDomain(input)
        if (!first.ok) return
        const again = { ...first, refanged: false }
        expect(parseDomain(first.name)).toEqual(again)
        expect(parseDomain(first.unicode)).toEqual(again)
        expect(parseDomain(`${first.name.toUpperCase()}.`)).toEqual(again)
      }),
      RUNS,
    )
  })

  test('defanging a name changes nothing but the flag', () => {
    const label = fc.stringMatching(/^[a-z0-9_](?:[a-z0-9_-]{0,10}[a-z0-9_])?$/)
    const name = fc
      .array(label, { minLength: 1, maxLength: 4 })
      .map((labels) => [...labels, 'example'].join('.'))
    const dot = fc.constantFrom('[.]', '(.)', '{.}', '[dot]', '[.', '\\.')
    const before = fc.constantFrom('', 'hxxp://', 'https://user@', 'meow://')
    const after = fc.constantFrom('', '/', ':8080', '/a?b#c', '.')
    fc.assert(
      fc.property(name, dot, before, after, (plain, sign, head, tail) => {
        const parsed = parseDomain(plain)
        fc.pre(parsed.ok)
        expect(parseDomain(head + plain.replaceAll('.', () => sign) + tail)).toEqual({
          ...parsed,
          refanged: true,
        })
      }),
    )
  })
})

test('the longest hostile inputs are answered quickly', () => {
  const hostile = [
    '[',
    '[ ',
    '[(',
    ' ',
    '.',
    '[.',
    '\\',
    '(dot',
    '"',
    '<',
    ':',
    'xn--',
    'ü',
    '日.',
    '@',
    '/',
    '0x',
    '%',
  ]
  const started = performance.now()
  for (const unit of hostile) parseDomain(unit.repeat(2048).slice(0, 2048))
  // A bound against quadratic blow-up, far above what it takes; not a measure of speed.
  expect(performance.now() - started).toBeLessThan(500)
})
