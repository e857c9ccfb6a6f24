import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { readOptOutEntries } from '../../src/dns/opt-out-entries.ts'
import { openOptOutList } from '../../src/dns/opt-out-list.ts'

const LIST = `
# People who asked
Evil.Example.        # a domain, and all below it
co.uk
bücher.example
192.0.2.7
198.51.100.0/24
2001:DB8:1::/48
::ffff:203.0.113.9
`

describe('what a list covers', () => {
  const { entries, problems } = readOptOutEntries(LIST)

  test('all its lines are read', () => {
    expect(problems).toEqual([])
    expect(entries.count).toBe(7)
  })

  test.each([
    ['evil.example', true],
    ['a.b.evil.example', true],
    ['_dmarc.evil.example', true],
    ['notevil.example', false],
    ['evil.example.org', false],
    ['example', false],
    ['bbc.co.uk', true],
    ['uk', false],
    ['www.xn--bcher-kva.example', true],
    ['', false],
  ])('the name %s: %s', (name, covered) => {
    expect(entries.coversName(name)).toBe(covered)
  })

  test.each([
    ['192.0.2.7', true],
    ['192.0.2.8', false],
    ['::ffff:192.0.2.7', true],
    ['198.51.100.255', true],
    ['198.51.101.0', false],
    ['2001:db8:1:ffff::1', true],
    ['2001:db8:2::1', false],
    ['203.0.113.9', true],
    ['evil.example', false],
  ])('the address %s: %s', (address, covered) => {
    expect(entries.coversAddress(address)).toBe(covered)
  })

  test('a prefix of length nought covers its family only', () => {
    const every = readOptOutEntries('0.0.0.0/0').entries
    expect([every.coversAddress('192.0.2.1'), every.coversAddress('2001:db8::1')]).toEqual([true, false])
  })

  test('Windows line ends and an entry that comes twice change nothing', () => {
    const twice = readOptOutEntries('evil.example\r\n192.0.2.0/24\r\nevil.example.\r\n192.0.2.1/24\r\n')
    expect(twice.problems).toEqual([])
    expect(twice.entries.count).toBe(2)
  })
})

describe('a line that is wrong is named', () => {
  test.each([
    ['192.0.2.0/33', '"192.0.2.0/33" is neither an address nor a prefix'],
    ['192.0.2', '"192.0.2" is neither an address nor a prefix'],
    ['fe80::1%eth0', '"fe80::1%eth0" is neither an address nor a prefix'],
    ['https://evil.example', '"https://evil.example" is neither an address nor a prefix'],
    ['.', '"." is the root, which covers every name'],
    ['a..b', '"a..b" is not a domain name'],
    [`${'a'.repeat(64)}.example`, `"${'a'.repeat(59)}…" is not a domain name`],
    ['*.evil.example', 'The character "*" (U+002A) at position 1 of "*.evil.example" cannot be in a name.'],
    ['evil.example other.example', 'cannot be in a name.'],
  ])('%s', (line, sentence) => {
    const { problems } = readOptOutEntries(`good.example\n\n${line}\n`)
    expect(problems).toMatchObject([{ line: 3 }])
    expect(problems[0]?.sentence).toContain(sentence)
  })
})

describe('the file of a list', () => {
  let folder: string
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'fw-opt-out-'))
  })
  afterEach(() => rmSync(folder, { recursive: true, force: true }))

  /** Puts another file in the place of the list, as an editor does. */
  function replace(path: string, text: string): void {
    writeFileSync(`${path}.new`, text)
    renameSync(`${path}.new`, path)
  }

  test('is read anew when it is replaced, and only then', async () => {
    const path = join(folder, 'list')
    replace(path, 'evil.example\n')
    const list = await openOptOutList(path)
    expect(await list.reload()).toBe(false)
    replace(path, 'other.example\n192.0.2.1\n')
    expect(list.coversName('evil.example')).toBe(true)
    expect(await list.reload()).toBe(true)
    expect([list.coversName('evil.example'), list.coversName('other.example'), list.count]).toEqual([
      false,
      true,
      2,
    ])
  })

  test('that is wrong stops the start with the lines', async () => {
    const path = join(folder, 'list')
    replace(path, ['good.example', '192.0.2.0/33', ...Array.from({ length: 6 }, () => 'a..b')].join('\n'))
    await expect(openOptOutList(path)).rejects.toThrow(
      `FLUXWATCH_OPT_OUT: ${path} cannot be used: line 2: "192.0.2.0/33" is neither an address nor a prefix; ` +
        'line 3: "a..b" is not a domain name; line 4: "a..b" is not a domain name; ' +
        'line 5: "a..b" is not a domain name; line 6: "a..b" is not a domain name; and 2 more',
    )
  })

  test('that is missing stops the start', async () => {
    const path = join(folder, 'nowhere')
    await expect(openOptOutList(path)).rejects.toThrow(`FLUXWATCH_OPT_OUT: ${path} cannot be used: ENOENT`)
  })

  test('that goes wrong or goes away later leaves the last good list in force, and says so each time', async () => {
    const path = join(folder, 'list')
    replace(path, 'evil.example\n')
    const list = await openOptOutList(path)
    replace(path, 'good.example\n0.0.0.0.0\n')
    await expect(list.reload()).rejects.toThrow('line 2')
    await expect(list.reload()).rejects.toThrow('line 2')
    expect([list.coversName('evil.example'), list.coversName('good.example')]).toEqual([true, false])
    rmSync(path)
    await expect(list.reload()).rejects.toThrow('ENOENT')
    expect(list.coversName('evil.example')).toBe(true)
  })
})
