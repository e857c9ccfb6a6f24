// Members made by hand, whose every address tells when it was given out: what a watch shows can be checked to the second.
import { createAddressPlan } from '../../../src/lab/address-plan.ts'
import type { Member } from '../../../src/lab/population/member.ts'
import { fixedAddresses, fixedNameServer, frameZone, typed } from '../../../src/lab/zones/zone-frame.ts'
import type { LabNameServer } from '../../../src/lab/zones/zone.ts'

export const START = Date.UTC(2026, 0, 5)
export const APEX = 'sample-name.example'
export const HOST = `www.${APEX}`
const plan = createAddressPlan()

/** The address that the sample shows at a time: another one each second. */
export function addressAt(at: number): string {
  const second = Math.floor((at - START) / 1000)
  return `24.11.${(second >> 8) & 0xff}.${second & 0xff}`
}

export interface Sample {
  readonly ttlSeconds?: number
  readonly failureRatio?: number
  readonly nameServers?: readonly LabNameServer[]
  readonly nsAddressTtlSeconds?: number
}

/** `www` shows another address each second; the apex stands still. */
export function sampleMember(sample: Sample = {}): Member {
  const { ttlSeconds = 60, failureRatio = 0, nsAddressTtlSeconds = 300 } = sample
  const nameServers = sample.nameServers ?? [
    fixedNameServer(`ns1.${APEX}`, ['130.7.64.1']),
    fixedNameServer(`ns2.${APEX}`, ['131.60.64.1']),
  ]
  return {
    group: 'sample',
    isEvasion: false,
    truth: { fluxType: 'single', addresses: 'drawing-flux', nameServers: 'own-servers' },
    host: HOST,
    zone: frameZone({
      apex: APEX,
      nameServers,
      nsAddressTtlSeconds,
      names: {
        [HOST]: (_, { at }) => typed('A', ttlSeconds, [addressAt(at)]),
        [APEX]: fixedAddresses(3600, ['130.7.64.9']),
      },
    }),
    infrastructure: [],
    plan,
    failureRatio,
    parameters: {},
  }
}

/** A name server whose address moves at the given second of the watch. */
export function movingNameServer(name: string, atSecond: number): LabNameServer {
  const movesAt = START + atSecond * 1000
  return {
    name,
    addressesAt: (at) => [at < movesAt ? '130.7.64.1' : '95.4.0.1'],
    changesAfter: (at) => (at < movesAt ? movesAt : null),
  }
}
