import { execFile } from 'node:child_process'
import { mkdir, readdir, readFile, utimes } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { gzipSync } from 'node:zlib'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { geoPaths } from '../../src/enrich/default-paths.ts'
import { updateGeo } from '../../src/enrich/geo-update.ts'
import type { GeoSource } from '../../src/enrich/geo-source.ts'
import type { GeoUpdateOptions } from '../../src/enrich/geo-update.ts'
import { openEnrichment } from '../../src/enrich/mmdb-enrichment.ts'
import {
  asnDatabase,
  asnRecord,
  BUILT_AT,
  countryDatabase,
  database,
  makeFolder,
} from './sample-databases.ts'
import type { TemporaryFolder } from './sample-databases.ts'
import { startGeoServer } from './geo-server.ts'
import type { GeoServer } from './geo-server.ts'

const NOW = Date.UTC(2026, 10, 22, 12)
const ASN_URL = '/free/dbip-asn-lite-2026-11.mmdb.gz'
const COUNTRY_URL = '/free/dbip-country-lite-2026-11.mmdb.gz'

let folder: TemporaryFolder
let server: GeoServer
let lines: string[]
beforeEach(async () => {
  folder = await makeFolder()
  server = await startGeoServer()
  lines = []
})
afterEach(async () => {
  await server.close()
  await folder.remove()
})

function update(changes: Partial<GeoUpdateOptions> = {}) {
  return updateGeo({
    directory: folder.path,
    source: { maker: 'dbip' },
    fetchFrom: server.url,
    now: NOW,
    log: (line) => lines.push(line),
    ...changes,
  })
}

function publish(asn: Buffer = asnDatabase(64_500), country: Buffer = countryDatabase('RO')): void {
  server.answers.set(ASN_URL, gzipSync(asn)).set(COUNTRY_URL, gzipSync(country))
}

async function installedAsn(): Promise<number | null> {
  const paths = geoPaths({ asnMmdb: null, countryMmdb: null, dataDirectory: folder.path })
  return (await openEnrichment(paths)).factsOf('5.6.7.8').asn
}

const filesInPlace = async () => (await readdir(join(folder.path, 'geo'))).toSorted()

describe('updating from DB-IP', () => {
  test('puts both databases of this month into place and answers what they are', async () => {
    publish()
    const done = await update()
    expect(done).toStrictEqual({
      asn: {
        path: join(folder.path, 'geo', 'asn.mmdb'),
        type: 'DBIP-ASN-Lite (compat=GeoLite2-ASN)',
        builtAt: BUILT_AT,
        networks: 2,
        bytes: asnDatabase(64_500).length,
      },
      country: {
        path: join(folder.path, 'geo', 'country.mmdb'),
        type: 'DBIP-Country-Lite',
        builtAt: BUILT_AT,
        networks: 2,
        bytes: countryDatabase('RO').length,
      },
      attribution: 'IP Geolocation by DB-IP, https://db-ip.com, CC BY 4.0',
    })
    expect(await filesInPlace()).toStrictEqual(['asn.mmdb', 'country.mmdb'])
    expect(await installedAsn()).toBe(64_500)
  })

  test('says what it does, how far it is, and whom to name', async () => {
    publish()
    await update()
    expect(lines[0]).toBe(`Fetching DB-IP ASN Lite of 2026-11 from ${server.url}${ASN_URL}`)
    expect(lines).toContain('  asn: 100 % of 0.0 MiB')
    expect(lines).toContain(
      'Checked DB-IP ASN Lite of 2026-11: DBIP-ASN-Lite (compat=GeoLite2-ASN), built 2026-11-01, 2 networks',
    )
    expect(lines.at(-1)).toBe('IP Geolocation by DB-IP, https://db-ip.com, CC BY 4.0')
  })

  test('says how much came when the server does not say how much there is', async () => {
    publish()
    const large = Array.from({ length: 60 }, (_, n) => asnRecord(n + 1, 'x'.repeat(50_000)))
    const networks = Object.fromEntries(large.map((record, n) => [`5.${n}.0.0/16`, record]))
    const packed = gzipSync(database('DBIP-ASN-Lite', networks), { level: 0 })
    server.answers.set(ASN_URL, (response) => {
      response.write(packed.subarray(0, 10))
      response.end(packed.subarray(10))
    })
    await update()
    expect(lines).toContainEqual(expect.stringMatching(/^ {2}asn: 2\.\d MiB$/))
  })

  test('takes the month before when this month is not published', async () => {
    publish()
    server.answers.delete(ASN_URL)
    server.answers.set('/free/dbip-asn-lite-2026-10.mmdb.gz', gzipSync(asnDatabase(64_499)))
    await update()
    expect(lines).toContain('  asn: not published')
    expect(await installedAsn()).toBe(64_499)
  })

  test('takes December as the month before January', async () => {
    server.answers.set('/free/dbip-asn-lite-2026-12.mmdb.gz', gzipSync(asnDatabase(64_512)))
    server.answers.set('/free/dbip-country-lite-2027-01.mmdb.gz', gzipSync(countryDatabase('RO')))
    await update({ now: Date.UTC(2027, 0, 1) })
    expect(await installedAsn()).toBe(64_512)
  })

  test('goes on to no other month on any answer but 404', async () => {
    server.answers.set(ASN_URL, 500)
    await expect(update()).rejects.toThrow(`${server.url}${ASN_URL} answers 500`)
    expect(server.requests.map(({ url }) => url)).toStrictEqual([ASN_URL])
  })
})

describe('an update that fails', () => {
  const good = gzipSync(countryDatabase('BG'))

  test.each<[string, string, Parameters<GeoServer['answers']['set']>[1], string]>([
    [
      'the ASN database is not published',
      ASN_URL,
      404,
      'DB-IP ASN Lite of 2026-11 and DB-IP ASN Lite of 2026-10: not published',
    ],
    ['the country database is not published', COUNTRY_URL, 404, 'DB-IP Country Lite of 2026-11'],
    ['the server is busy', COUNTRY_URL, 429, 'answers 429: too many downloads today'],
    [
      'a page comes instead',
      COUNTRY_URL,
      Buffer.from('<html>'),
      'DB-IP Country Lite of 2026-11 cannot be used: incorrect header check',
    ],
    ['the packing is cut off', COUNTRY_URL, good.subarray(0, good.length - 20), 'unexpected end of file'],
    ['the packing is damaged', COUNTRY_URL, damaged(good), 'incorrect data check'],
    ['the content is no database', COUNTRY_URL, gzipSync('nonsense'), 'it is no MMDB file, or it is cut off'],
    ['it is the wrong database', COUNTRY_URL, gzipSync(asnDatabase(1)), 'it has no country codes'],
    ['it maps nothing', COUNTRY_URL, gzipSync(database('Empty', {})), 'it maps no address'],
    ['a record is damaged', COUNTRY_URL, gzipSync(withDamagedRecord()), 'Invalid size for unsigned integer'],
    [
      'the connection breaks',
      COUNTRY_URL,
      (response) => {
        response.writeHead(200, { 'content-length': good.length })
        response.write(good.subarray(0, 40), () => response.destroy())
      },
      'cannot be used',
    ],
  ])('because %s keeps what was there and leaves nothing behind', async (_why, url, answer, sentence) => {
    publish()
    await update()
    const before = await readFile(join(folder.path, 'geo', 'asn.mmdb'))

    publish(asnDatabase(64_600), countryDatabase('BG'))
    server.answers.set(url, answer)
    await expect(update()).rejects.toThrow(sentence)
    expect(await filesInPlace()).toStrictEqual(['asn.mmdb', 'country.mmdb'])
    expect((await readFile(join(folder.path, 'geo', 'asn.mmdb'))).equals(before)).toBe(true)

    publish(asnDatabase(64_600), countryDatabase('BG'))
    await update()
    expect(await installedAsn()).toBe(64_600)
  })

  test('because nobody listens names the address', async () => {
    await server.close()
    await expect(update()).rejects.toThrow(`${server.url}${ASN_URL} cannot be reached: `)
    server = await startGeoServer()
  })

  test('and was killed is cleaned up after a day by the next one', async () => {
    const geo = join(folder.path, 'geo')
    for (const name of ['update-old', 'update-young']) await mkdir(join(geo, name), { recursive: true })
    await folder.write('geo/update-old/asn.mmdb', 'half a file')
    const [yesterday, now] = [new Date(NOW - 25 * 3_600_000), new Date(NOW)]
    await utimes(join(geo, 'update-old'), yesterday, yesterday)
    await utimes(join(geo, 'update-young'), now, now)
    publish()
    await update()
    expect(await filesInPlace()).toStrictEqual(['asn.mmdb', 'country.mmdb', 'update-young'])
  })
})

const source: GeoSource = { maker: 'geolite2', accountId: '123456', licenceKey: 'secret-key' }
const urlOf = (edition: string) => `/geoip/databases/${edition}/download?suffix=tar.gz`

async function archive(edition: string, bytes: Buffer): Promise<Buffer> {
  const top = `${edition}_20261120`
  await mkdir(join(folder.path, top), { recursive: true })
  await folder.write(join(top, 'COPYRIGHT.txt'), 'Copyright')
  await folder.write(join(top, `${edition}.mmdb`), bytes)
  // So long that the database is out before the end of the archive has come.
  await folder.write(join(top, 'LICENSE.txt'), 'x'.repeat(2_000_000))
  const names = ['COPYRIGHT.txt', `${edition}.mmdb`, 'LICENSE.txt'].map((name) => `${top}/${name}`)
  await promisify(execFile)('tar', ['-czf', 'archive.tar.gz', ...names], { cwd: folder.path })
  return readFile(join(folder.path, 'archive.tar.gz'))
}

describe('updating from MaxMind', () => {
  test('unpacks the archives and signs in with account id and key', async () => {
    server.answers.set(
      urlOf('GeoLite2-ASN'),
      await archive('GeoLite2-ASN', asnDatabase(64_510, 'GeoLite2-ASN')),
    )
    server.answers.set(
      urlOf('GeoLite2-Country'),
      await archive('GeoLite2-Country', countryDatabase('RO', 'GeoLite2-Country')),
    )
    const { attribution } = await update({ source })
    expect(attribution).toContain('GeoLite2 data created by MaxMind')
    expect(await installedAsn()).toBe(64_510)
    for (const { headers } of server.requests) {
      expect(headers.authorization).toBe(`Basic ${Buffer.from('123456:secret-key').toString('base64')}`)
    }
  })

  test('follows a redirect to another origin without the key, and never shows the key or a signature', async () => {
    const store = await startGeoServer()
    try {
      for (const [edition, bytes] of [
        ['GeoLite2-ASN', asnDatabase(64_511, 'GeoLite2-ASN')],
        ['GeoLite2-Country', countryDatabase('RO', 'GeoLite2-Country')],
      ] as const) {
        store.answers.set(`/${edition}?signature=abc`, await archive(edition, bytes))
        const location = `${store.url}/${edition}?signature=abc`
        server.answers.set(urlOf(edition), (response) => response.writeHead(302, { location }).end())
      }
      await update({ source })
      expect(await installedAsn()).toBe(64_511)
      expect(store.requests).toHaveLength(2)
      for (const { headers } of store.requests) expect(headers.authorization).toBeUndefined()

      store.answers.clear()
      store.answers.set('/GeoLite2-ASN?signature=abc', 500)
      const failed = await update({ source }).catch((error: unknown) => String(error))
      expect(failed).toBe(`Error: ${store.url}/GeoLite2-ASN answers 500`)
      expect(lines.join('\n')).not.toMatch(/secret-key|signature/)
    } finally {
      await store.close()
    }
  })

  test('refuses an archive whose checksum is wrong', async () => {
    const packed = await archive('GeoLite2-ASN', asnDatabase(64_510, 'GeoLite2-ASN'))
    server.answers.set(urlOf('GeoLite2-ASN'), damaged(packed))
    await expect(update({ source })).rejects.toThrow('GeoLite2-ASN cannot be used: incorrect data check')
  })

  test('says that the account id or the key is wrong', async () => {
    server.answers.set(urlOf('GeoLite2-ASN'), 401)
    await expect(update({ source })).rejects.toThrow('does not accept the account id and licence key')
  })

  test.each([
    ['in a circle', (url: string) => url, 'redirects more than 5 times'],
    ['to a file', () => 'file:///etc/passwd', 'redirects to where nothing may be fetched from'],
    ['to no URL', () => 'http://[', 'redirects to where nothing may be fetched from'],
  ])('gives up on a redirect %s', async (_where, locationOf, sentence) => {
    const url = urlOf('GeoLite2-ASN')
    server.answers.set(url, (response) => response.writeHead(302, { location: locationOf(url) }).end())
    await expect(update({ source })).rejects.toThrow(sentence)
  })
})

function damaged(packed: Buffer): Buffer {
  const bytes = Buffer.from(packed)
  // The CRC-32 of the content is in the last eight bytes (RFC 1952).
  bytes[bytes.length - 8] = bytes[bytes.length - 8]! ^ 0xff
  return bytes
}

function withDamagedRecord(): Buffer {
  const bytes = database('Damaged', {
    '5.0.0.0/8': { country: { iso_code: 'RO' } },
    '6.0.0.0/8': { country: { iso_code: 'QQ' } },
  })
  // The string's control byte becomes an unsigned integer of nine bytes, which cannot be.
  bytes[bytes.indexOf('QQ') - 1] = 0xc9
  return bytes
}
