// Series as text and back: compact, versioned JSON. Who stores the text is store/'s business.
import type { HostSeries } from './host-series.ts'
import { packHost, unpackHost } from './packed-host.ts'
import type { PackedHost } from './packed-host.ts'
import { packZone, unpackZone } from './packed-zone.ts'
import type { PackedZone } from './packed-zone.ts'
import { fromVersion2 } from './version-2.ts'
import { unpackHost3 } from './version-3-host.ts'
import type { PackedHost3 } from './version-3-host.ts'
import { unpackZone3 } from './version-3-zone.ts'
import type { PackedZone3 } from './version-3-zone.ts'
import type { ZoneSeries } from './zone-series.ts'

/** Raised with every change of the form; texts of versions 2 and 3 are read, older ones were never released. */
export const SERIES_VERSION = 4

type Stored =
  ((PackedHost | PackedZone) & { readonly v: 4 }) | ((PackedHost3 | PackedZone3) & { readonly v: 2 | 3 })

/** The series as one line of text. `decodeSeries` gives an equal series back; of times the whole ms. */
export function encodeSeries(series: HostSeries | ZoneSeries): string {
  const packed = series.kind === 'host' ? packHost(series) : packZone(series)
  return JSON.stringify({ v: SERIES_VERSION, ...packed })
}

/** Inverse of `encodeSeries`. Throws on anything that fluxwatch did not make: texts come from our own store only. */
export function decodeSeries(text: string): HostSeries | ZoneSeries {
  const stored = JSON.parse(text) as Stored
  switch (stored.v) {
    case 2:
      return unpack3(fromVersion2(stored))
    case 3:
      return unpack3(stored)
    case SERIES_VERSION:
      return stored.k === 'host' ? unpackHost(stored) : unpackZone(stored)
    default: {
      const { v } = stored as { readonly v: unknown }
      throw new Error(`Expected a series of version ${SERIES_VERSION}, got ${String(v)}`)
    }
  }
}

function unpack3(packed: PackedHost3 | PackedZone3): HostSeries | ZoneSeries {
  return packed.k === 'host' ? unpackHost3(packed) : unpackZone3(packed)
}
