// `fluxwatch import` as a person runs it: files on disk, a data folder, and the Redis of a service that runs on it or not.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { access, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openSqliteHistory } from '../../src/store/history/sqlite/sqlite-history.ts'
import { LiveSensors } from '../../src/store/live-sensors.ts'
import { startOwnRedis } from '../../src/store/own-redis.ts'
import { connectForRequests, ready } from '../../src/store/redis.ts'
import { HEADER, tsvLine } from '../core/import/zeek-sample.ts'

const MAIN = join(import.meta.dirname, '../../src/cli/main.ts')

let directory: string
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'fw-i-'))
})
afterAll(() => rm(directory, { recursive: true, force: true }))

async function run(data: string, parameters: readonly string[], input = '', settings = {}) {
  const child = spawn(process.execPath, [MAIN, 'import', ...parameters], {
    env: { PATH: process.env['PATH'], FLUXWATCH_DATA_DIR: join(directory, data), ...settings },
  })
  let said = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => (said += text))
  child.stdin.end(input)
  const [code] = (await once(child, 'close')) as [number]
  return { code, said }
}

async function historyOf(data: string, name: string) {
  const history = await openSqliteHistory(join(directory, data, 'history.sqlite'))
  const { items } = await history.observations({
    targets: [`host:${name}`],
    from: null,
    to: null,
    vantage: null,
    type: null,
    everyMs: null,
    cursor: null,
    limit: 100,
  })
  await history.close()
  return items
}

async function file(name: string, content: string | Buffer): Promise<string> {
  const path = join(directory, name)
  await writeFile(path, content)
  return path
}

/** Seen a little ago, so that the live state still wants to know. */
const seconds = Math.floor(Date.now() / 1000) - 3600
const zeek = [
  ...HEADER,
  ...[1, 2, 3].map((index) =>
    tsvLine({
      ts: `${seconds + index}.5`,
      uid: `C${index}`,
      query: 'www.bad.example',
      answers: `20.${index}.0.1`,
    }),
  ),
  tsvLine({ query: '-' }),
  tsvLine({ qtype_name: 'HTTPS' }),
].join('\n')
const cof = JSON.stringify({
  rrname: 'www.bad.example.',
  rrtype: 'A',
  rdata: '20.9.0.1',
  time_first: seconds - 86_400,
  time_last: seconds,
  count: 17,
})

describe.concurrent('import', { timeout: 60_000 }, () => {
  it('writes files of either kind into history, says what it left out, and adds nothing when it is run again', async () => {
    const paths = [await file('dns.log.gz', gzipSync(zeek)), await file('pdns.ndjson', `${cof}\n`)]
    for (const again of [false, true]) {
      const { code, said } = await run('plain', ['--sensor', 'corp-dns', ...paths])
      expect(said).toContain('only history is written')
      expect(said).toContain('line 12: query: there is none. (missing_field)')
      expect(said).toMatch(/14 lines in [\d.]+ s \([\d.]+ MB\/s\): 4 observations in history/)
      expect(said).toContain('lines skipped: 1 (type_not_kept 1)')
      expect(said).toContain('lines refused: 1 (missing_field 1)')
      expect([again, code]).toEqual([again, 0])
      const rows = await historyOf('plain', 'www.bad.example')
      expect(rows.map(({ vantage, answer }) => `${vantage} ${answer[0]!.data}`).toSorted()).toEqual([
        'sensor:corp-dns 20.1.0.1',
        'sensor:corp-dns 20.2.0.1',
        'sensor:corp-dns 20.3.0.1',
        'sensor:corp-dns 20.9.0.1',
      ])
      expect(JSON.stringify(rows)).not.toContain('10.20.30.40')
    }
  })

  it('tells the service that runs on the data folder what the sensor saw', async () => {
    const data = join(directory, 'live')
    await mkdir(data)
    const own = await startOwnRedis(data)
    const redis = await ready(connectForRequests({ socketPath: own.socketPath }))
    try {
      const { code, said } = await run('live', ['--sensor', 'corp-dns', '-'], zeek)
      expect(said).not.toContain('only history is written')
      expect(code).toBe(0)
      const seen = await new LiveSensors(redis).of('www.bad.example', Date.now())
      expect(seen?.map(({ address, sensors }) => `${address} ${sensors.join()}`)).toEqual([
        '20.1.0.1 corp-dns',
        '20.2.0.1 corp-dns',
        '20.3.0.1 corp-dns',
      ])
    } finally {
      redis.disconnect()
      await own.stop()
    }
  })

  it('with --dry-run reads and counts, and leaves no file behind', async () => {
    const { code, said } = await run('dry', ['--sensor', 'corp-dns', '--dry-run', '-'], zeek)
    expect(said).toContain('3 observations would be in history')
    expect(code).toBe(0)
    await expect(access(join(directory, 'dry'))).rejects.toMatchObject({ code: 'ENOENT' })
  })

  it('warns of observations that are older than history is kept for', async () => {
    const old = cof.replaceAll(String(seconds), '1500000000').replace(String(seconds - 86_400), '1400000000')
    const { said } = await run('old', ['--sensor', 'corp-dns', '-'], old)
    expect(said).toContain('(FLUXWATCH_HISTORY_DAYS): 1; a running service will remove them')
  })

  it('leaves 2, with a sentence, for what cannot be imported', async () => {
    const text = await file('notes.txt', 'hello\n')
    const broken = await file('broken.gz', gzipSync(zeek).subarray(0, 60))
    const cases: [string[], string, Record<string, string>?][] = [
      [['--sensor', 'Corp DNS', text], 'only these and hyphens'],
      [[text], "required option '--sensor <name>' not specified"],
      [['--sensor', 'corp-dns', '--format', 'csv', text], 'Allowed choices are cof, zeek-tsv, zeek-json'],
      [['--sensor', 'corp-dns', text], 'Name the format with --format'],
      [['--sensor', 'corp-dns', '--format', 'cof', text], 'not one observation could be read'],
      [['--sensor', 'corp-dns', join(directory, 'nowhere')], 'no such file or directory'],
      [['--sensor', 'corp-dns', directory], 'it is a folder'],
      [['--sensor', 'corp-dns', broken], 'broken.gz cannot be read: unexpected end of file'],
      [['--sensor', 'corp-dns', text], 'Check REDIS_URL', { REDIS_URL: 'redis://127.0.0.1:1' }],
    ]
    for (const [parameters, sentence, settings] of cases) {
      const { code, said } = await run('wrong', parameters, '', settings)
      expect(said).toContain(sentence)
      expect(said).not.toMatch(/\n\s+at /)
      expect([parameters, code]).toEqual([parameters, 2])
    }
  })
})
