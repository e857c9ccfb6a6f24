// Name servers of a DNS operator whose own addresses are geographic or rotate: they change as flux does, within one owner.
// Pace and pool sizes are assumed: nothing published measures them.
import { createRotation } from '../rotation.ts'
import type { LabRegion } from '../regions.ts'
import { frameZone } from '../zones/zone-frame.ts'
import type { LabNameServer } from '../zones/zone.ts'
import type { NameServerDraw, NameServerSet } from './benign-name-server-draw.ts'
import { inventApex } from './benign-names.ts'
import { addressNear, systemsWith } from './benign-networks.ts'

/**
 * One operator whose servers have another address for every region, or one that passes among a few by the hour. What the
 * parent has for them is what Europe is told.
 */
export function geographicSet({ draws, plan, split, addressTtlSeconds }: NameServerDraw): NameServerSet {
  const apex = inventApex(draws, 'geo')
  const system = draws.oneOf(
    systemsWith(plan, draws.weighted({ cdn: 0.6, cloud: 0.4 }, 'geo kind')),
    'geo system',
  )
  const count = draws.whole(split === 'fit' ? [2, 6] : [3, 8], 'geo servers')
  const rotates = draws.chance(0.5, 'geo rotates')
  const poolSize = rotates ? draws.whole(split === 'fit' ? [2, 6] : [3, 8], 'geo pool') : 1
  const meanMs = draws.spread(split === 'fit' ? [1800, 21_600] : [2400, 43_200], 'geo pace') * 1000
  const servers = Array.from({ length: count }, (_, index) => {
    const name = `ns${index + 1}.${apex}`
    const rotation = createRotation({ minMs: 0.7 * meanMs, maxMs: 1.3 * meanMs }, draws.dice, 'geo', index)
    const addressOf = (region: LabRegion, place: number): string =>
      addressNear(system, { region }, draws.dice, 'geo', region, index, place)
    const pool = Array.from({ length: poolSize }, (_unused, place) => addressOf('eu', place))
    const fixed: Readonly<Record<LabRegion, string>> = {
      eu: addressOf('eu', 0),
      us: addressOf('us', 0),
      asia: addressOf('asia', 0),
    }
    const inRegion = (region: LabRegion, at: number): readonly string[] => {
      if (!rotates) return [fixed[region]]
      const turn = rotation.termAt(at).index % poolSize
      return [pool[(turn + poolSize) % poolSize]!]
    }
    const server: LabNameServer = {
      name,
      addressesAt: (at) => inRegion('eu', at),
      changesAfter: (at) => (rotates ? rotation.nextAfter(at) : null),
    }
    return { server, inRegion }
  })
  const byName = new Map(servers.map(({ server, inRegion }) => [server.name, inRegion]))
  const zone = frameZone({
    apex,
    nameServers: servers.map(({ server }) => server),
    nsAddressTtlSeconds: addressTtlSeconds,
    names: {},
  })
  return {
    servers: servers.map(({ server }) => server),
    zones: [
      {
        ...zone,
        answer(question, moment) {
          const inRegion = question.type === 'A' ? byName.get(question.name) : undefined
          if (!inRegion) return zone.answer(question, moment)
          return {
            rcode: 'NOERROR',
            answer: inRegion(moment.region, moment.at).map((data) => ({
              name: question.name,
              type: 'A',
              ttlSeconds: addressTtlSeconds,
              data,
            })),
          }
        },
      },
    ],
  }
}
