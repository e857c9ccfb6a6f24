// Series as bytes and back: compact, and with a version. The name of the target is not in them: whoever keeps the bytes has it. Who
// that is, is store/'s business.
import { ByteReader } from './byte-reader.ts'
import { ByteWriter } from './byte-writer.ts'
import type { HostSeries } from './host-series.ts'
import { readHost, writeHost } from './packed-host.ts'
import { readZone, writeZone } from './packed-zone.ts'
import { fromVersion2 } from './version-2.ts'
import { unpackHost3 } from './version-3-host.ts'
import type { PackedHost3 } from './version-3-host.ts'
import { unpackZone3 } from './version-3-zone.ts'
import type { PackedZone3 } from './version-3-zone.ts'
import { unpackHost4 } from './version-4-host.ts'
import type { PackedHost4 } from './version-4-host.ts'
import { unpackZone4 } from './version-4-zone.ts'
import type { PackedZone4 } from './version-4-zone.ts'
import type { ZoneSeries } from './zone-series.ts'

/** Raised with every change of the form; versions 2 to 4 are read, older ones were never released. The first byte. */
export const SERIES_VERSION = 5

/** The first byte of versions 2 to 4, which were JSON: no version ever is this number. */
const BRACE = 0x7b

/** The second byte: which kind of series follows. */
const KINDS = { host: 0, zone: 1 } as const

type StoredText =
  ((PackedHost4 | PackedZone4) & { readonly v: 4 }) | ((PackedHost3 | PackedZone3) & { readonly v: 2 | 3 })

/** The series as bytes, without its name. `decodeSeries` gives an equal series back; of times the whole ms. */
export function encodeSeries(series: HostSeries | ZoneSeries): Buffer {
  const to = new ByteWriter()
  to.byte(SERIES_VERSION)
  to.byte(KINDS[series.kind])
  if (series.kind === 'host') writeHost(to, series, '')
  else writeZone(to, series)
  return to.toBytes()
}

/**
 * Inverse of `encodeSeries`. `name`: that of the target, which only versions 2 to 4 had in their texts (given as string or as bytes).
 * Throws on anything that fluxwatch did not make: the bytes come from our own store only.
 */
export function decodeSeries(stored: Uint8Array | string, name: string): HostSeries | ZoneSeries {
  if (typeof stored === 'string') return decodeText(stored)
  if (stored[0] === BRACE) return decodeText(Buffer.from(stored).toString('utf8'))
  if (stored[0] !== SERIES_VERSION) throw unknownVersion(stored[0])
  const from = new ByteReader(stored, 2)
  return stored[1] === KINDS.host ? readHost(from, name, '') : readZone(from, name)
}

function decodeText(text: string): HostSeries | ZoneSeries {
  const stored = JSON.parse(text) as StoredText
  switch (stored.v) {
    case 2:
      return unpack3(fromVersion2(stored))
    case 3:
      return unpack3(stored)
    case 4:
      return stored.k === 'host' ? unpackHost4(stored) : unpackZone4(stored)
    default: {
      const { v } = stored as { readonly v: unknown }
      throw unknownVersion(v)
    }
  }
}

function unpack3(packed: PackedHost3 | PackedZone3): HostSeries | ZoneSeries {
  return packed.k === 'host' ? unpackHost3(packed) : unpackZone3(packed)
}

function unknownVersion(version: unknown): Error {
  return new Error(`Expected a series of version ${SERIES_VERSION}, got ${String(version)}`)
}
