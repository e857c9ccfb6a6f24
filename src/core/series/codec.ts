// Series as text and back: compact, versioned JSON. Who stores the text is store/'s business.
import type { HostSeries } from './host-series.ts'
import { packHost, unpackHost } from './packed-host.ts'
import type { PackedHost } from './packed-host.ts'
import { packZone, unpackZone } from './packed-zone.ts'
import type { PackedZone } from './packed-zone.ts'
import { fromVersion2 } from './version-2.ts'
import type { ZoneSeries } from './zone-series.ts'

/** Raised with every change of the form; texts of version 2 are read, older ones were never released. */
export const SERIES_VERSION = 3

type Packed = PackedHost | PackedZone

/** The series as one line of text. `decodeSeries` gives an equal series back. */
export function encodeSeries(series: HostSeries | ZoneSeries): string {
  const packed = series.kind === 'host' ? packHost(series) : packZone(series)
  return JSON.stringify({ v: SERIES_VERSION, ...packed })
}

/** Inverse of `encodeSeries`. Throws on anything that fluxwatch did not make: texts come from our own store only. */
export function decodeSeries(text: string): HostSeries | ZoneSeries {
  const packed = JSON.parse(text) as Packed & { readonly v: number }
  if (packed.v === 2) return unpackAny(fromVersion2(packed))
  if (packed.v !== SERIES_VERSION) {
    throw new Error(`Expected a series of version ${SERIES_VERSION}, got ${packed.v}`)
  }
  return unpackAny(packed)
}

function unpackAny(packed: Packed): HostSeries | ZoneSeries {
  return packed.k === 'host' ? unpackHost(packed) : unpackZone(packed)
}
