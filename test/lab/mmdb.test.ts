import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import ipaddr from 'ipaddr.js'
import { open, Reader } from 'maxmind'
import type { AsnResponse, CountryResponse, Response } from 'maxmind'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createAddressPlan } from '../../src/lab/address-plan.ts'
import { writeLabDatabases } from '../../src/lab/mmdb-databases.ts'
import { encodeMmdbValue, uint16, uint32, uint64 } from '../../src/lab/mmdb-values.ts'
import { writeMmdb } from '../../src/lab/mmdb-writer.ts'

const plan = createAddressPlan()

/** First and last address of a prefix. */
function edgesOf(prefix: string): [string, string] {
  const [base, length] = ipaddr.parseCIDR(prefix)
  const first = base.toByteArray()
  const last = first.map((byte, index) => {
    const hostBits = Math.min(8, Math.max(0, (index + 1) * 8 - length))
    return byte | (2 ** hostBits - 1)
  })
  return [ipaddr.fromByteArray(first).toString(), ipaddr.fromByteArray(last).toString()]
}

describe('the databases of the lab', () => {
  let directory: string
  let asn: Reader<AsnResponse>
  let country: Reader<CountryResponse>

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'fluxwatch-mmdb-'))
    const paths = await writeLabDatabases(plan, {
      directory: join(directory, 'geo'),
      builtAt: 1_700_000_000_999,
    })
    asn = await open<AsnResponse>(paths.asnMmdb)
    country = await open<CountryResponse>(paths.countryMmdb)
  })
  afterAll(() => rm(directory, { recursive: true, force: true }))

  it('answer every network of the plan at its first and its last address', () => {
    for (const network of plan.networks) {
      for (const address of edgesOf(network.prefix)) {
        expect(asn.get(address), address).toEqual({
          autonomous_system_number: network.asn,
          autonomous_system_organization: network.organisation,
        })
        expect(country.get(address), address).toEqual({ country: { iso_code: network.country } })
      }
    }
  })

  it('agree with the plan just outside of every network', () => {
    for (const network of plan.networks.filter(({ family }) => family === 4)) {
      const [first, last] = edgesOf(network.prefix).map((address) =>
        Buffer.from(ipaddr.parse(address).toByteArray()).readUInt32BE(),
      ) as [number, number]
      for (const outside of [first - 1, last + 1]) {
        const bytes = Buffer.alloc(4)
        bytes.writeUInt32BE(outside)
        const address = [...bytes].join('.')
        expect(asn.get(address)?.autonomous_system_number ?? null, address).toBe(plan.factsOf(address).asn)
      }
    }
  })

  it('know nothing of addresses that the plan does not have', () => {
    for (const address of ['10.0.0.1', '192.0.2.1', '0.0.0.0', '255.255.255.255', '2001:db8::1', '::1']) {
      expect(asn.get(address), address).toBeNull()
      expect(country.get(address), address).toBeNull()
    }
  })

  it('carry metadata of format 2.0', () => {
    expect(asn.metadata).toMatchObject({
      binaryFormatMajorVersion: 2,
      binaryFormatMinorVersion: 0,
      ipVersion: 6,
      databaseType: 'Fluxwatch-Lab-ASN',
      recordSize: 24,
      buildEpoch: new Date(1_700_000_000_000),
    })
  })
})

describe('the writer', () => {
  const options = { databaseType: 'Test', buildEpochSeconds: 0 }

  it.each([24, 28, 32] as const)('writes records of %i bits that a reader reads', (recordSize) => {
    const reader = new Reader<Response>(
      writeMmdb(
        [
          { prefix: '203.0.113.0/24', value: { network: 'four' } },
          { prefix: '2001:db8::/32', value: { network: 'six' } },
        ],
        { ...options, recordSize },
      ),
    )
    expect(reader.metadata.recordSize).toBe(recordSize)
    expect(reader.get('203.0.113.255')).toEqual({ network: 'four' })
    expect(reader.get('203.0.114.0')).toBeNull()
    expect(reader.get('2001:db8:ffff::1')).toEqual({ network: 'six' })
  })

  it('lets the longer prefix win in either order', () => {
    const entries = [
      { prefix: '198.51.100.0/24', value: 'wide' },
      { prefix: '198.51.100.64/26', value: 'narrow' },
    ]
    for (const order of [entries, entries.toReversed()]) {
      const reader = new Reader<Response>(writeMmdb(order, options))
      expect(reader.get('198.51.100.63')).toBe('wide')
      expect(reader.get('198.51.100.64')).toBe('narrow')
      expect(reader.get('198.51.100.127')).toBe('narrow')
      expect(reader.get('198.51.100.128')).toBe('wide')
    }
  })

  it('writes long strings, arrays and every width of integer', () => {
    const value = {
      long: 'x'.repeat(300),
      middling: 'y'.repeat(30),
      list: ['a', 'b'],
      small: uint16(0),
      wide: uint32(4_294_967_295),
      wider: uint64(2 ** 40),
    }
    const reader = new Reader<Response>(writeMmdb([{ prefix: '203.0.113.1/32', value }], options))
    expect(reader.get('203.0.113.1')).toEqual({
      ...value,
      small: 0,
      wide: 4_294_967_295,
      wider: 2n ** 40n, // the reader's form of integers over six bytes
    })
  })

  it('encodes as the specification says', () => {
    expect([...encodeMmdbValue('en')]).toEqual([0x42, 0x65, 0x6e])
    expect([...encodeMmdbValue(uint32(256))]).toEqual([0xc2, 1, 0])
    expect([...encodeMmdbValue(uint64(1))]).toEqual([0x01, 0x02, 1])
    expect([...encodeMmdbValue({ a: uint16(500) })]).toEqual([0xe1, 0x41, 0x61, 0xa2, 0x01, 0xf4])
  })

  it('refuses a number that its type cannot hold', () => {
    expect(() => encodeMmdbValue(uint16(65_536))).toThrow(RangeError)
  })
})
