// Whole logs, from octets to what history and the live state are given. History here is a map by id, as the port promises.
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { readLines } from '../../src/api/http/line-reader.ts'
import type { Sightings } from '../../src/core/import/sightings.ts'
import type { StoredObservation } from '../../src/core/model/observation.ts'
import {
  LogImport,
  LONGEST_LINE_BYTES,
  UnknownFormatError,
  type ImportParts,
} from '../../src/import/log-import.ts'
import { openInput } from '../../src/import/open-input.ts'
import { HEADER, jsonLine, NOW, tsvLine } from '../core/import/zeek-sample.ts'

class InMemoryHistory {
  readonly rows = new Map<string, StoredObservation>()
  appended = 0
  largestBatch = 0
  /** Set: the next append fails with it. */
  outage: Error | null = null

  async append(rows: readonly StoredObservation[]): Promise<void> {
    if (this.outage) throw this.outage
    this.appended += rows.length
    this.largestBatch = Math.max(this.largestBatch, rows.length)
    for (const row of rows) if (!this.rows.has(row.id)) this.rows.set(row.id, row)
  }
}

class NotedSightings {
  readonly notes: { sensor: string; sightings: Sightings }[] = []

  async note(sensor: string, sightings: Sightings): Promise<void> {
    this.notes.push({ sensor, sightings })
  }
}

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'fw-import-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

function stand(parts: Partial<ImportParts> = {}) {
  const history = new InMemoryHistory()
  const sightings = new NotedSightings()
  const log = new LogImport({
    sensor: 'corp-dns',
    format: null,
    now: NOW,
    historySince: 0,
    sightingsSince: 0,
    history,
    sightings,
    ...parts,
  })
  return { history, sightings, log }
}

async function file(name: string, content: string | Buffer): Promise<string> {
  const path = join(folder, name)
  await writeFile(path, content)
  return path
}

async function readFile(log: LogImport, path: string): Promise<void> {
  const input = await openInput(path)
  await log.read(path, readLines(input.chunks, LONGEST_LINE_BYTES))
}

async function readText(log: LogImport, text: string): Promise<void> {
  await log.read(
    '-',
    readLines((await openInput('-', Readable.from([Buffer.from(text)]))).chunks, LONGEST_LINE_BYTES),
  )
}

const COF = JSON.stringify({
  rrname: 'www.shop.example',
  rrtype: 'A',
  rdata: ['20.0.0.1', '20.0.0.2'],
  time_first: 1_795_000_000,
  time_last: 1_795_860_000,
  count: 7,
})
const names = (count: number, from = 0): string[] =>
  Array.from({ length: count }, (_, index) =>
    tsvLine({ uid: `C${from + index}`, query: `w${from + index}.example.com`, answers: '20.0.0.1' }),
  )

describe('A log', () => {
  test('of each format is told by its first lines and becomes rows of the sensor, with ids of its own', async () => {
    for (const [text, rows] of [
      [`${[...HEADER, tsvLine()].join('\n')}\n`, 1],
      [`${jsonLine()}\n${jsonLine({ uid: 'COther' })}`, 2],
      [`\n${COF}\n`, 1],
    ] as const) {
      const { log, history } = stand()
      await readText(log, text)
      expect(history.rows.size).toBe(rows)
      for (const { id, vantage } of history.rows.values()) {
        expect(vantage).toBe('sensor:corp-dns')
        expect(id).toMatch(/^sensor:corp-dns\/[\w-]{22}$/)
      }
    }
  })

  test('that was packed is read as the log inside, all its members, whatever it is called', async () => {
    const packed = Buffer.concat([
      gzipSync(`${[...HEADER, ...names(3)].join('\n')}\n`),
      gzipSync(`${names(2, 3).join('\n')}\n`),
    ])
    const { log, history } = stand()
    await readFile(log, await file('dns.log', packed))
    expect(history.rows.size).toBe(5)
  })

  test('imported twice, whole or in part, or in the other way that Zeek writes it, adds nothing', async () => {
    const { log, history } = stand()
    const lines = names(50)
    await readText(log, [...HEADER, ...lines].join('\n'))
    const before = [...history.rows]
    await readText(log, [...HEADER, ...lines].join('\n'))
    await readText(log, [...HEADER, ...lines.slice(20, 30).toReversed()].join('\n'))
    await readText(log, jsonLine({ uid: 'C7', query: 'w7.example.com', answers: ['20.0.0.1'] }))
    expect(history.appended).toBe(111)
    expect([...history.rows]).toEqual(before)
  })

  test('of another sensor is other rows', async () => {
    const { log, history } = stand()
    const other = stand({ sensor: 'branch', history })
    await readText(log, COF)
    await readText(other.log, COF)
    expect([...history.rows.values()].map(({ vantage }) => vantage)).toEqual([
      'sensor:corp-dns',
      'sensor:branch',
    ])
  })

  test('with bad lines is imported without them, and says which and why', async () => {
    const { log, history } = stand()
    const text = [
      ...HEADER,
      tsvLine({ uid: 'C1' }),
      'too\tfew',
      tsvLine({ query: '-' }),
      tsvLine({ query: `${'x'.repeat(LONGEST_LINE_BYTES)}.example` }),
      tsvLine({ qtype_name: 'MX' }),
      '',
      tsvLine({ query: 'a..example' }),
      tsvLine({ uid: 'C2' }),
    ]
    const input = Readable.from([Buffer.from(`${text.join('\n')}\n`), Buffer.from([0xff, 0xfe, 0x0a])])
    await log.read('dns.log', readLines((await openInput('-', input)).chunks, LONGEST_LINE_BYTES))
    expect(history.rows.size).toBe(2)
    expect(log.tally).toMatchObject({ lines: HEADER.length + 8, rows: 2, skippedLines: 1, refusedLines: 5 })
    expect(Object.fromEntries(log.tally.skipped)).toEqual({ type_not_kept: 1 })
    expect(log.tally.shown.map(({ file: name, line, reason }) => `${name}:${line} ${reason}`)).toEqual([
      'dns.log:10 wrong_columns',
      'dns.log:11 missing_field',
      'dns.log:12 line_too_long',
      'dns.log:15 empty_label',
      'dns.log:17 bad_utf8',
    ])
  })

  test('shows ten bad lines and counts the others', async () => {
    const { log } = stand({ format: 'cof' })
    await readText(log, Array.from({ length: 25 }, () => 'no json').join('\n'))
    expect(log.tally.shown).toHaveLength(10)
    expect(Object.fromEntries(log.tally.refused)).toEqual({ not_json: 25 })
  })

  test('that begins with broken lines is told by the first whole one, and the broken ones are counted', async () => {
    const { log, history } = stand()
    await readText(log, `{"rrname":"cut of\n${COF}`)
    expect(history.rows.size).toBe(1)
    expect(log.tally.shown).toMatchObject([{ line: 1, reason: 'not_json' }])
  })

  test('of no format that is known is refused as a whole', async () => {
    for (const text of ['timestamp,query', Array.from({ length: 500 }, () => 'a,b').join('\n')]) {
      const { log, history } = stand()
      await expect(readText(log, text)).rejects.toThrow(UnknownFormatError)
      expect(history.appended).toBe(0)
    }
  })

  test('that breaks off within its packing leaves what was whole, and fails', async () => {
    const whole = gzipSync([...HEADER, ...names(2000)].join('\n'))
    const { log, history } = stand()
    const path = await file('broken.gz', whole.subarray(0, Math.floor(whole.length / 2)))
    await expect(readFile(log, path)).rejects.toMatchObject({ code: 'Z_BUF_ERROR' })
    expect(history.rows.size).toBeGreaterThan(100)
    await readFile(log, await file('whole.gz', whole))
    expect(history.rows.size).toBe(2000)
  })

  test('of many lines is held a batch at a time, and waits for history', { timeout: 60_000 }, async () => {
    const lines = 120_000
    let made = 0
    let written = 0
    let ahead = 0
    const encoder = (text: string) => Buffer.from(`${text}\n`)
    async function* endless(): AsyncGenerator<Buffer> {
      yield encoder(HEADER.join('\n'))
      for (; made < lines; made += 100) {
        yield encoder(names(100, made).join('\n'))
        ahead = Math.max(ahead, made - written)
      }
    }
    let largestBatch = 0
    const { log, sightings } = stand({
      history: {
        async append(rows) {
          largestBatch = Math.max(largestBatch, rows.length)
          await new Promise((resolve) => setImmediate(resolve))
          written += rows.length
        },
      },
    })
    await log.read('-', readLines(endless(), LONGEST_LINE_BYTES))
    expect(written).toBe(lines)
    expect(largestBatch).toBe(4000)
    // A batch, and what its last chunk of lines had beyond it.
    expect(ahead).toBeLessThanOrEqual(4200)
    // Never more than so many pairs of name and address at a time, and each of the names in one of them.
    expect(sightings.notes.map((note) => note.sightings.size)).toEqual([100_000, 20_000])
  })
})

describe('What a log says of names', () => {
  test('is noted after the rows are in history, once for all that is held', async () => {
    const history = new InMemoryHistory()
    const rowsThen: number[] = []
    const { log } = stand({
      history,
      sightings: {
        async note() {
          rowsThen.push(history.rows.size)
        },
      },
    })
    await readText(log, `${COF}\n${COF.replace('20.0.0.2', '20.0.0.3')}`)
    expect(rowsThen).toEqual([2])
  })

  test('is every public address of the name, first and last seen', async () => {
    const { log, sightings } = stand()
    await readText(log, `${COF}\n${COF.replace('20.0.0.2', '10.0.0.3').replace('1795860000', '1795860005')}`)
    const [{ sensor, sightings: seen }] = sightings.notes as [(typeof sightings.notes)[0]]
    expect(sensor).toBe('corp-dns')
    expect(Object.fromEntries(seen.get('www.shop.example')!)).toEqual({
      '20.0.0.1': { first: 1_795_000_000_000, last: 1_795_860_005_000 },
      '20.0.0.2': { first: 1_795_000_000_000, last: 1_795_860_000_000 },
    })
  })

  test('is not noted when history does not take the rows', async () => {
    const { log, history, sightings } = stand()
    history.outage = new Error('disk full')
    await expect(readText(log, COF)).rejects.toThrow('disk full')
    expect(sightings.notes).toEqual([])
  })

  test('is not noted of times that are over, which history is still given', async () => {
    const { log, history, sightings } = stand({ sightingsSince: NOW, historySince: NOW })
    await readText(log, COF)
    expect([history.rows.size, log.tally.outdated, sightings.notes.length]).toEqual([1, 1, 0])
  })
})
