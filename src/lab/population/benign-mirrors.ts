// Mirrors: many owners like flux, but a set that stands still, or nearly. Sources: database.clamav.net in 2008: 21 addresses
// in 12 networks, geographic, small TTL (FluXOR, DIMVA 2008); IRC round robin: 5-20 A in several ASNs, a random few in each
// answer (Zeek's and Perdisci's false positives; counts unverified); block list and mail filter mirrors: very low TTL, many
// mirrors (on FluxBuster's list by hand). The other numbers are assumed.
import { addressIn } from '../address-plan.ts'
import { LAB_REGIONS } from '../regions.ts'
import { typed } from '../zones/zone-frame.ts'
import { drawsOf } from './benign-draws.ts'
import type { Draws, Range } from './benign-draws.ts'
import { ONE_DAY, TWO_HOURS, benignMember } from './benign-member.ts'
import { inventApex, listedOrInvented } from './benign-names.ts'
import { addressNear, systemsNear, systemsWith } from './benign-networks.ts'
import type { DrawContext, MemberGroup, Split } from './member.ts'

interface MirrorRanges {
  readonly mirrors: Range
  readonly systems: Range
  readonly ttls: readonly number[]
  readonly ircWidth: Range
  readonly geoMirrors: Range
  readonly geoSystems: Range
  readonly geoTtls: readonly number[]
  readonly rblMirrors: Range
  readonly rblSystems: Range
  readonly rblTtls: readonly number[]
}

const RANGES: Readonly<Record<Split, MirrorRanges>> = {
  fit: {
    mirrors: [3, 16],
    systems: [3, 10],
    ttls: [60, 300, 600, 3600],
    ircWidth: [2, 8],
    geoMirrors: [14, 24],
    geoSystems: [8, 13],
    geoTtls: [60, 300, 600],
    rblMirrors: [10, 30],
    rblSystems: [4, 10],
    rblTtls: [0, 1, 5, 15, 30],
  },
  report: {
    mirrors: [4, 20],
    systems: [3, 12],
    ttls: [120, 300, 900, 1800],
    ircWidth: [1, 6],
    geoMirrors: [16, 30],
    geoSystems: [9, 15],
    geoTtls: [30, 120, 300, 900],
    rblMirrors: [12, 40],
    rblSystems: [5, 12],
    rblTtls: [0, 2, 5, 10, 20],
  },
}
/** Names on the product's context list, about one member in six. */
const LISTED_SHARE = 1 / 6
const DAY_MS = 86_400_000

export const MIRRORS: MemberGroup = {
  group: 'mirrors',
  watchSeconds: ONE_DAY,
  draw(context) {
    const { split, startAt, dice } = context
    const draws = drawsOf(dice)
    const range = RANGES[split]
    const isIrc = draws.chance(0.35, 'irc')
    const { apex, host } = listedOrInvented(draws, {
      share: LISTED_SHARE,
      listed: isIrc
        ? ['irc.libera.chat', 'irc.efnet.org', 'irc.rizon.net']
        : ['ftp.debian.org', 'rsync.gentoo.org'],
      labels: isIrc ? ['irc', 'chat'] : ['mirror', 'download', 'ftp', 'rsync'],
    })
    const count = draws.whole(isIrc ? [Math.max(5, range.mirrors[0]), 20] : range.mirrors, 'mirrors')
    const mirrorOf = drawMirrors(context, draws, draws.whole(range.systems, 'systems'))
    const width = isIrc ? Math.min(count, draws.whole(range.ircWidth, 'width')) : count
    const changes = !isIrc && draws.chance(0.4, 'changes')
    const changesAt = startAt + draws.real([0.05, 0.95], 'changes at') * DAY_MS
    const ttl = draws.oneOf(range.ttls, 'ttl')
    const steady = Array.from({ length: count }, (_, mirror) => mirrorOf(mirror, 0))
    // Once a day the next mirror in turn is replaced by another one.
    const changedOn = (day: number): readonly string[] =>
      steady.map((_, mirror) => mirrorOf(mirror, Math.floor((day + count - 1 - mirror) / count)))
    let known = { day: 0, set: steady }
    const setAt = (at: number): readonly string[] => {
      const day = changes ? Math.max(0, Math.floor((at - changesAt) / DAY_MS) + 1) : 0
      if (day !== known.day) known = { day, set: [...changedOn(day)] }
      return known.set
    }
    return benignMember(context, draws, {
      addresses: width < count ? 'rotating-mirrors' : 'mirrors',
      host,
      apex,
      behaviour: (_, { at, region }) => {
        const set = setAt(at)
        return typed(
          'A',
          ttl,
          dice.distinct(count, width, 'shown', region, at).map((mirror) => set[mirror]!),
        )
      },
      steadyAddresses: changes ? [] : steady,
      watchSeconds: ONE_DAY,
      parameters: { ttl, mirrors: count, width, changes: changes ? 'daily' : 'never' },
    })
  },
}

export const GEO_MIRRORS: MemberGroup = {
  group: 'geo-mirrors',
  watchSeconds: TWO_HOURS,
  draw(context) {
    const { plan, split, dice } = context
    const draws = drawsOf(dice)
    const range = RANGES[split]
    const { apex, host } = listedOrInvented(draws, {
      share: LISTED_SHARE,
      listed: ['database.clamav.net'],
      labels: ['database', 'updates', 'mirrors', 'data'],
    })
    const count = draws.whole(range.geoMirrors, 'mirrors')
    const systems = draws.whole(range.geoSystems, 'systems')
    const ttl = draws.oneOf(range.geoTtls, 'ttl')
    const byRegion = LAB_REGIONS.map((region, place) => {
      const kinds = (['volunteer', 'hosting'] as const).flatMap((kind) => systemsNear(plan, kind, region))
      const hosts = draws.some(kinds, Math.ceil((systems - place) / LAB_REGIONS.length), `hosts ${region}`)
      const mirrors = Array.from({ length: Math.ceil((count - place) / LAB_REGIONS.length) }, (_, index) =>
        addressNear(hosts[index % hosts.length]!, { region }, dice, 'mirror', region, index),
      )
      return [region, mirrors] as const
    })
    const sets = new Map(byRegion)
    const shown = draws.whole([4, 10], 'shown')
    return benignMember(context, draws, {
      addresses: 'mirrors',
      host,
      apex,
      behaviour: (_, { at, region }) => {
        const set = sets.get(region)!
        return typed(
          'A',
          ttl,
          dice.distinct(set.length, shown, 'order', region, at).map((mirror) => set[mirror]!),
        )
      },
      watchSeconds: TWO_HOURS,
      parameters: { ttl, mirrors: count, systems, shown },
    })
  },
}

export const RBL_MAIL: MemberGroup = {
  group: 'rbl-mail',
  watchSeconds: TWO_HOURS,
  draw(context) {
    const { plan, split, dice } = context
    const draws = drawsOf(dice)
    const range = RANGES[split]
    const apex = inventApex(draws, 'site')
    const hosts = draws.some(
      [...systemsWith(plan, 'hosting'), ...systemsWith(plan, 'cloud')],
      draws.whole(range.rblSystems, 'systems'),
      'which systems',
    )
    const count = draws.whole(range.rblMirrors, 'mirrors')
    const mirrors = Array.from({ length: count }, (_, index) =>
      addressIn(hosts[index % hosts.length]!, {}, dice, 'mirror', index),
    )
    const width = draws.whole([2, 8], 'width')
    const ttl = draws.oneOf(range.rblTtls, 'ttl')
    return benignMember(context, draws, {
      addresses: width < count ? 'rotating-mirrors' : 'mirrors',
      host: `${draws.oneOf(['rbl', 'mx', 'filter', 'relay', 'dnsbl'], 'host label')}.${apex}`,
      apex,
      behaviour: (_, { at, region }) =>
        typed(
          'A',
          ttl,
          dice.distinct(count, width, 'shown', region, at).map((mirror) => mirrors[mirror]!),
        ),
      steadyAddresses: mirrors,
      watchSeconds: TWO_HOURS,
      parameters: { ttl, mirrors: count, width, systems: hosts.length },
    })
  },
}

/** The address of the n-th mirror, and of those that take its place later: volunteers and universities, then hosters. */
function drawMirrors(
  { plan, dice }: DrawContext,
  draws: Draws,
  systems: number,
): (mirror: number, generation: number) => string {
  const friends = draws.some(systemsWith(plan, 'volunteer'), Math.ceil(systems * 0.65), 'volunteers')
  const hosters = draws.some(systemsWith(plan, 'hosting'), systems - friends.length, 'hosters')
  const hosts = [...friends, ...hosters]
  return (mirror, generation) =>
    addressIn(hosts[(mirror + generation) % hosts.length]!, {}, dice, 'mirror', mirror, generation)
}
