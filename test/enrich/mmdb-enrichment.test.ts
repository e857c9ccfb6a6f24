import { randomBytes } from 'node:crypto'
import { mkdir, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { geoPaths } from '../../src/enrich/default-paths.ts'
import { openEnrichment } from '../../src/enrich/mmdb-enrichment.ts'
import { createAddressPlan } from '../../src/lab/address-plan.ts'
import { writeLabDatabases } from '../../src/lab/mmdb-databases.ts'
import {
  asnDatabase,
  asnRecord,
  BUILT_AT,
  countryDatabase,
  database,
  ipv4Only,
  makeFolder,
} from './sample-databases.ts'
import type { TemporaryFolder } from './sample-databases.ts'

const NO_FACTS = { asn: null, organisation: null, country: null }
const DAY_MS = 86_400_000

let folder: TemporaryFolder
beforeEach(async () => {
  folder = await makeFolder()
})
afterEach(() => folder.remove())

const config = () => ({ asnMmdb: null, countryMmdb: null, dataDirectory: folder.path })

async function writeGeo(name: string, bytes: Buffer): Promise<string> {
  await mkdir(join(folder.path, 'geo'), { recursive: true })
  return folder.write(join('geo', name), bytes)
}

async function replace(path: string, bytes: Buffer): Promise<void> {
  await rename(await folder.write('new', bytes), path)
}

describe('enrichment', () => {
  test('tells of every network of the lab what its plan says', async () => {
    const plan = createAddressPlan()
    const { asnMmdb, countryMmdb } = await writeLabDatabases(plan, {
      directory: folder.path,
      builtAt: BUILT_AT,
    })
    const enrichment = await openEnrichment({ asnPath: asnMmdb, countryPath: countryMmdb })
    expect(enrichment.hasAsn && enrichment.hasCountry).toBe(true)
    expect(plan.networks.length).toBeGreaterThan(60)
    for (const { prefix } of plan.networks) {
      const address = prefix.slice(0, prefix.indexOf('/'))
      expect(enrichment.factsOf(address)).toStrictEqual(plan.factsOf(address))
      expect(enrichment.factsOf(address)).not.toStrictEqual(NO_FACTS)
    }
  })

  test('reads AS and country from one file that has both', async () => {
    const path = await folder.write(
      'lite.mmdb',
      database('ipinfo bundle_location_lite.mmdb', {
        '5.6.0.0/16': { asn: 'AS64500', as_name: 'Example ISP', country: 'Romania', country_code: 'RO' },
      }),
    )
    const enrichment = await openEnrichment({ asnPath: path, countryPath: path })
    expect(enrichment.factsOf('5.6.7.8')).toStrictEqual({
      asn: 64_500,
      organisation: 'Example ISP',
      country: 'RO',
    })
  })

  test('works without a database and then knows nothing', async () => {
    const enrichment = await openEnrichment({ asnPath: null, countryPath: null })
    expect([enrichment.hasAsn, enrichment.hasCountry]).toStrictEqual([false, false])
    expect(enrichment.factsOf('5.6.7.8')).toStrictEqual(NO_FACTS)
    expect(await enrichment.reload()).toBe(false)
  })

  test('knows the country alone when there is only that database', async () => {
    const countryPath = await folder.write('country.mmdb', countryDatabase('RO'))
    const enrichment = await openEnrichment({ asnPath: null, countryPath })
    expect([enrichment.hasAsn, enrichment.hasCountry]).toStrictEqual([false, true])
    expect(enrichment.factsOf('5.6.7.8')).toStrictEqual({ ...NO_FACTS, country: 'RO' })
  })

  test('reads IPv6, and an IPv4-mapped address as the IPv4 address inside', async () => {
    const asnPath = await folder.write('asn.mmdb', asnDatabase(64_500))
    const enrichment = await openEnrichment({ asnPath, countryPath: null })
    expect(enrichment.factsOf('2a00:10ff::1').asn).toBe(64_501)
    expect(enrichment.factsOf('2A00:10FF:0:0:0:0:0:1').asn).toBe(64_501)
    expect(enrichment.factsOf('::ffff:5.6.7.8').asn).toBe(64_500)
  })

  test('has no facts of special-purpose addresses, whatever a database says', async () => {
    const everything = {
      '::/1': asnRecord(64_500, 'Everything'),
      '8000::/1': asnRecord(64_500, 'Everything'),
    }
    const asnPath = await folder.write('asn.mmdb', database('All', everything))
    const enrichment = await openEnrichment({ asnPath, countryPath: null })
    expect(enrichment.factsOf('9.9.9.9').asn).toBe(64_500)
    const special = [
      '10.1.2.3',
      '127.0.0.1',
      '192.168.0.1',
      '100.64.0.1',
      '192.0.2.1',
      '0.0.0.0',
      '::1',
      'fe80::1',
      'fd00::1',
    ]
    for (const address of special) expect(enrichment.factsOf(address)).toStrictEqual(NO_FACTS)
  })

  test('has no facts of text that is no address', async () => {
    const asnPath = await folder.write('asn.mmdb', asnDatabase(64_500))
    const enrichment = await openEnrichment({ asnPath, countryPath: null })
    for (const text of [
      '',
      'www.flux.example',
      '5.6.7',
      '5.6.7.8.9',
      '005.6.7.8',
      '5.6.7.8 ',
      ':::',
      '[2a00:1000::1]',
    ]) {
      expect(enrichment.factsOf(text)).toStrictEqual(NO_FACTS)
    }
  })

  test('does not take an IPv6 address for an IPv4 one in an IPv4-only database', async () => {
    const bytes = ipv4Only(database('IPv4 only', { '2a00::/16': asnRecord(64_500, 'Of 42.0.0.0/16') }))
    const enrichment = await openEnrichment({
      asnPath: await folder.write('v4.mmdb', bytes),
      countryPath: null,
    })
    expect(enrichment.factsOf('42.0.1.2').asn).toBe(64_500)
    expect(enrichment.factsOf('2a00::1')).toStrictEqual(NO_FACTS)
  })
})

describe('a database that cannot be used', () => {
  test.each([
    ['asnPath', 'FLUXWATCH_ASN_MMDB'],
    ['countryPath', 'FLUXWATCH_COUNTRY_MMDB'],
  ])('because the file of %s is not there is named by its variable %s', async (option, variable) => {
    const path = join(folder.path, 'nowhere.mmdb')
    await expect(openEnrichment({ asnPath: null, countryPath: null, [option]: path })).rejects.toThrow(
      `${variable} names a file that is not there: ${path}`,
    )
  })

  const good = asnDatabase(64_500)
  test.each([
    ['is empty', Buffer.alloc(0), 'it is no MMDB file, or it is cut off'],
    ['is something else', randomBytes(300_000), 'it is no MMDB file, or it is cut off'],
    ['is cut off', good.subarray(0, good.length / 2), 'it is no MMDB file, or it is cut off'],
    ['lost its beginning', good.subarray(good.length / 2), 'it is damaged'],
    ['lost its beginning', ipv4Only(good).subarray(good.length / 2), 'its search tree does not fit into it'],
    ['lost its end', good.subarray(0, good.length - 40), 'it is damaged'],
    ['is still compressed', gzipSync(good), 'gunzip'],
    ['maps nothing', database('Empty', {}), 'it maps no address'],
    ['is of countries', countryDatabase('RO'), 'it has no AS numbers: it is of type DBIP-Country-Lite'],
  ])('because it %s is told so', async (_how, bytes, sentence) => {
    const path = await folder.write('asn.mmdb', bytes)
    const opened = openEnrichment({ asnPath: path, countryPath: null })
    await expect(opened).rejects.toThrow(`FLUXWATCH_ASN_MMDB cannot be used: ${path}: `)
    await expect(opened).rejects.toThrow(sentence)
  })

  test('because it is a folder is told so', async () => {
    await expect(openEnrichment({ asnPath: folder.path, countryPath: null })).rejects.toThrow(
      `FLUXWATCH_ASN_MMDB cannot be used: ${folder.path}: EISDIR`,
    )
  })

  test('in one record only loses that record, and says so', async () => {
    const bytes = database('Damaged', {
      '5.0.0.0/8': asnRecord(64_500, 'Whole ISP'),
      '6.0.0.0/8': asnRecord(64_501, 'Damaged ISP'),
    })
    // The key's control byte becomes an unsigned integer of nine bytes, which cannot be.
    bytes[bytes.indexOf(Buffer.from('Damaged ISP')) - 1] = 0xcb
    const enrichment = await openEnrichment({
      asnPath: await folder.write('asn.mmdb', bytes),
      countryPath: null,
    })
    expect(enrichment.factsOf('5.6.7.8').asn).toBe(64_500)
    expect(enrichment.factsOf('6.7.8.9')).toStrictEqual(NO_FACTS)
    const { asn, ok, sentence } = enrichment.describe(BUILT_AT)
    expect([asn?.failedLookUps, ok]).toStrictEqual([1, false])
    expect(sentence).toContain('damaged: 1 look-ups failed')
  })
})

describe('the databases of `geo update`', () => {
  test('are found in the data folder, and may be missing', async () => {
    const enrichment = await openEnrichment(geoPaths(config()))
    expect(enrichment.hasAsn).toBe(false)
    await writeGeo('asn.mmdb', asnDatabase(64_500))
    expect(await enrichment.reload()).toBe(true)
    expect([enrichment.hasAsn, enrichment.hasCountry]).toStrictEqual([true, false])
    expect(enrichment.factsOf('5.6.7.8').asn).toBe(64_500)
  })

  test('give way to a file that the configuration names', async () => {
    await writeGeo('asn.mmdb', asnDatabase(64_500))
    const asnMmdb = await folder.write('own.mmdb', asnDatabase(64_700))
    const enrichment = await openEnrichment(geoPaths({ ...config(), asnMmdb }))
    expect(enrichment.factsOf('5.6.7.8').asn).toBe(64_700)
  })

  test('when damaged are told of by their path', async () => {
    const path = await writeGeo('country.mmdb', Buffer.from('nonsense'))
    await expect(openEnrichment(geoPaths(config()))).rejects.toThrow(
      `The country database of \`geo update\` cannot be used: ${path}: `,
    )
  })
})

describe('reloading', () => {
  let asnPath: string
  let countryPath: string
  beforeEach(async () => {
    asnPath = await folder.write('asn.mmdb', asnDatabase(64_500))
    countryPath = await folder.write('country.mmdb', countryDatabase('RO'))
  })

  test('does nothing when nothing was replaced', async () => {
    const enrichment = await openEnrichment({ asnPath, countryPath })
    expect(await enrichment.reload()).toBe(false)
  })

  test('takes a replaced file, once', async () => {
    const enrichment = await openEnrichment({ asnPath, countryPath })
    await replace(asnPath, asnDatabase(64_600))
    expect(enrichment.factsOf('5.6.7.8').asn).toBe(64_500)
    expect(await enrichment.reload()).toBe(true)
    expect(enrichment.factsOf('5.6.7.8')).toMatchObject({ asn: 64_600, country: 'RO' })
    expect(await enrichment.reload()).toBe(false)
  })

  test('keeps everything as it was when one of the new files is bad, and takes it once it is good', async () => {
    const enrichment = await openEnrichment({ asnPath, countryPath })
    await replace(asnPath, asnDatabase(64_600))
    await replace(countryPath, Buffer.from('half a file'))
    await expect(enrichment.reload()).rejects.toThrow('FLUXWATCH_COUNTRY_MMDB cannot be used')
    expect(enrichment.factsOf('5.6.7.8')).toMatchObject({ asn: 64_500, country: 'RO' })
    await replace(countryPath, countryDatabase('BG'))
    expect(await enrichment.reload()).toBe(true)
    expect(enrichment.factsOf('5.6.7.8')).toMatchObject({ asn: 64_600, country: 'BG' })
  })

  test('keeps what was loaded when the file is gone', async () => {
    const enrichment = await openEnrichment({ asnPath, countryPath })
    await rm(asnPath)
    expect(await enrichment.reload()).toBe(false)
    expect(enrichment.factsOf('5.6.7.8').asn).toBe(64_500)
  })
})

describe('the description', () => {
  test('names the databases, their age and what their licence asks to show', async () => {
    const asnPath = await folder.write('asn.mmdb', asnDatabase(64_500))
    const countryPath = await folder.write('country.mmdb', countryDatabase('RO', 'GeoLite2-Country'))
    const enrichment = await openEnrichment({ asnPath, countryPath })
    expect(enrichment.describe(BUILT_AT + DAY_MS)).toStrictEqual({
      asn: {
        path: asnPath,
        type: 'DBIP-ASN-Lite (compat=GeoLite2-ASN)',
        builtAt: BUILT_AT,
        ageSeconds: 86_400,
        attribution: 'IP Geolocation by DB-IP, https://db-ip.com, CC BY 4.0',
        failedLookUps: 0,
      },
      country: {
        path: countryPath,
        type: 'GeoLite2-Country',
        builtAt: BUILT_AT,
        ageSeconds: 86_400,
        attribution:
          'This product includes GeoLite2 data created by MaxMind, available from https://www.maxmind.com',
        failedLookUps: 0,
      },
      ok: true,
      sentence:
        'ASN database DBIP-ASN-Lite (compat=GeoLite2-ASN) of 2026-11-01 (1 day old); ' +
        'country database GeoLite2-Country of 2026-11-01 (1 day old)',
    })
  })

  test('says that a database is old from 62 days on', async () => {
    const asnPath = await folder.write('asn.mmdb', asnDatabase(64_500))
    const countryPath = await folder.write('country.mmdb', countryDatabase('RO'))
    const enrichment = await openEnrichment({ asnPath, countryPath })
    expect(enrichment.describe(BUILT_AT + 62 * DAY_MS).ok).toBe(true)
    const { ok, sentence } = enrichment.describe(BUILT_AT + 63 * DAY_MS)
    expect(ok).toBe(false)
    expect(sentence).toContain('(63 days old): too old, run `fluxwatch geo update`')
  })

  test('says what is missing without a database and how to get it', async () => {
    const enrichment = await openEnrichment({ asnPath: null, countryPath: null })
    expect(enrichment.describe(BUILT_AT)).toStrictEqual({
      asn: null,
      country: null,
      ok: false,
      sentence:
        'no ASN database: verdicts ask for more evidence; run `fluxwatch geo update`; ' +
        'no country database: countries are unknown; run `fluxwatch geo update`',
    })
  })
})
