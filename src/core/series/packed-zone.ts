// A zone series as plain values for JSON, times relative to its first round.
import type { DelegationSeries } from './delegation-series.ts'
import { packHost, unpackHost } from './packed-host.ts'
import type { PackedHost } from './packed-host.ts'
import { packCopies, packNames, unpackCopies, unpackNames } from './packed-rows.ts'
import type { CopyRow, NameRow, PackedSketch } from './packed-rows.ts'
import type { ZoneSeries } from './zone-series.ts'
import type { ZoneView } from './zone-view.ts'

interface PackedZoneView extends Omit<ZoneView, 'cache'> {
  readonly c: readonly CopyRow[]
}

interface PackedDelegation extends Omit<DelegationSeries, 'glue' | 'lame'> {
  readonly g: readonly PackedHost[]
  readonly l: PackedSketch<NameRow>
}

export interface PackedZone {
  readonly k: 'zone'
  readonly s: Omit<ZoneSeries, 'kind' | 'nameServers' | 'views' | 'delegation'>
  readonly n: PackedSketch<NameRow>
  readonly w: readonly PackedZoneView[]
  readonly d: PackedDelegation | null
}

export function packZone({ kind, nameServers, views, delegation, ...rest }: ZoneSeries): PackedZone {
  const base = rest.firstAt ?? 0
  return {
    k: kind,
    s: rest,
    n: packNames(nameServers, base),
    w: views.map(({ cache, ...view }) => ({ ...view, c: packCopies(cache, base) })),
    d: delegation && packDelegation(delegation, base),
  }
}

export function unpackZone({ s, n, w, d }: PackedZone): ZoneSeries {
  const base = s.firstAt ?? 0
  return {
    kind: 'zone',
    ...s,
    nameServers: unpackNames(n, base),
    views: w.map(({ c, ...view }) => ({ ...view, cache: unpackCopies(c, base) })),
    delegation: d && unpackDelegation(d, base),
  }
}

function packDelegation({ glue, lame, ...rest }: DelegationSeries, base: number): PackedDelegation {
  return { ...rest, g: glue.map(packHost), l: packNames(lame, base) }
}

function unpackDelegation({ g, l, ...rest }: PackedDelegation, base: number): DelegationSeries {
  return { ...rest, glue: g.map(unpackHost), lame: unpackNames(l, base) }
}
