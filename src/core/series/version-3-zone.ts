// Reads a zone series as version 3 wrote it (and version 2, brought to that form). Nothing writes it any more.
import { limitBottomK } from './bottom-k.ts'
import { SIDE_ADDRESSES, SIDE_HOSTS } from './delegation-look.ts'
import type { DelegationSide } from './delegation-look.ts'
import { GLUE_ADDRESS_LIMIT, LAME_LIMIT, weighLame } from './delegation-series.ts'
import type { DelegationSeries } from './delegation-series.ts'
import { weighAddress } from './seen-address.ts'
import type { HostSeries } from './host-series.ts'
import { unpackHost3 } from './version-3-host.ts'
import type { PackedHost3 } from './version-3-host.ts'
import { unpackCopies, unpackNames } from './version-3-rows.ts'
import type { CopyRow, NameRow, PackedSketch } from './version-3-rows.ts'
import { NAME_SERVER_LIMIT, fitZoneViews, weighNameServer } from './zone-series.ts'
import type { ZoneSeries } from './zone-series.ts'
import type { ZoneView } from './zone-view.ts'

interface PackedZone3View extends Omit<ZoneView, 'cache'> {
  readonly c: readonly CopyRow[]
}

interface PackedDelegation3 extends Omit<DelegationSeries, 'glue' | 'lame'> {
  readonly g: readonly PackedHost3[]
  readonly l: PackedSketch<NameRow>
}

export interface PackedZone3 {
  readonly k: 'zone'
  readonly s: Omit<ZoneSeries, 'kind' | 'nameServers' | 'views' | 'delegation'>
  readonly n: PackedSketch<NameRow>
  readonly w: readonly PackedZone3View[]
  readonly d: PackedDelegation3 | null
}

export function unpackZone3({ s, n, w, d }: PackedZone3): ZoneSeries {
  const base = s.firstAt ?? 0
  return {
    kind: 'zone',
    ...s,
    nameServers: limitBottomK(unpackNames(n, base), NAME_SERVER_LIMIT, weighNameServer),
    views: fitZoneViews(w.map(({ c, ...view }) => ({ ...view, cache: unpackCopies(c, base) }))),
    delegation: d && unpackDelegation(d, base),
  }
}

function unpackDelegation({ g, l, ...rest }: PackedDelegation3, base: number): DelegationSeries {
  return {
    ...rest,
    parent: fitSide(rest.parent),
    child: fitSide(rest.child),
    glue: g.map((host) => fitGlue(unpackHost3(host))),
    lame: limitBottomK(unpackNames(l, base), LAME_LIMIT, weighLame),
  }
}

function fitSide(side: DelegationSide | null): DelegationSide | null {
  if (side === null) return null
  const hosts = side.hosts
    .slice(0, SIDE_HOSTS)
    .map((host) => ({ ...host, addresses: host.addresses.slice(0, SIDE_ADDRESSES) }))
  return { ...side, hosts }
}

function fitGlue(host: HostSeries): HostSeries {
  return { ...host, addresses: limitBottomK(host.addresses, GLUE_ADDRESS_LIMIT, weighAddress) }
}
