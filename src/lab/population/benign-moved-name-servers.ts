// Name servers that move once: the whole set to another hoster, or one server to another address. Konte et al. (PAM 2009):
// 2 % of the Alexa 500 had a name server's address change in four weeks, 3 % a change of names.
import type { LabNameServer } from '../zones/zone.ts'
import { frameZone } from '../zones/zone-frame.ts'
import type { NameServerDraw, NameServerSet } from './benign-name-server-draw.ts'
import { hostedSet } from './benign-steady-name-servers.ts'

export function movedOnce(draw: NameServerDraw): NameServerSet {
  return draw.draws.chance(0.5, 'set moves') ? movedSet(draw) : renumbered(draw)
}

/** Both hosters' servers answer for the zone throughout; which of them it names, and has addresses for, changes. */
function movedSet(draw: NameServerDraw): NameServerSet {
  const { movesAt } = draw
  const before = hostedSet(draw, 'hoster before')
  const after = hostedSet(draw, 'hoster after')
  const during = (server: LabNameServer, isOn: (at: number) => boolean): LabNameServer => ({
    name: server.name,
    addressesAt: (at) => (isOn(at) ? server.addressesAt(at) : []),
    changesAfter: (at) => (at < movesAt ? movesAt : null),
  })
  const names = (servers: readonly LabNameServer[]): readonly string[] => servers.map((server) => server.name)
  const [old, young] = [names(before.servers), names(after.servers)]
  return {
    servers: [
      ...before.servers.map((server) => during(server, (at) => at < movesAt)),
      ...after.servers.map((server) => during(server, (at) => at >= movesAt)),
    ],
    zones: [...before.zones, ...after.zones],
    shownAt: (at) => (at < movesAt ? old : young),
  }
}

/** The first server gets another address, in another hoster's network; its name stays. */
function renumbered(draw: NameServerDraw): NameServerSet {
  const { movesAt, addressTtlSeconds } = draw
  const set = hostedSet(draw, 'hoster')
  const [newHome] = hostedSet(draw, 'hoster after').servers
  const [first, ...others] = set.servers
  const moving: LabNameServer = {
    name: first!.name,
    addressesAt: (at) => (at < movesAt ? first! : newHome!).addressesAt(at),
    changesAfter: (at) => (at < movesAt ? movesAt : null),
  }
  const servers = [moving, ...others]
  const zones = set.zones.map(({ apex }) =>
    frameZone({ apex, nameServers: servers, nsAddressTtlSeconds: addressTtlSeconds, names: {} }),
  )
  return { servers, zones }
}
