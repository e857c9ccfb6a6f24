// The seven characteristics, in the order in which they are told.
import type { Characteristic } from '../../model/explanation.ts'
import type { Readings } from '../readings.ts'
import { differentMachines } from './different-machines.ts'
import { hiddenHost } from './hidden-host.ts'
import { lowTtl } from './low-ttl.ts'
import { manyConsumerNetworks } from './many-consumer-networks.ts'
import { nameServersFlux } from './name-servers-flux.ts'
import { replacedMachines } from './replaced-machines.ts'
import { sharedRoles } from './shared-roles.ts'

export function describeCharacteristics(readings: Readings): readonly Characteristic[] {
  return [
    differentMachines(readings),
    manyConsumerNetworks(readings),
    lowTtl(readings),
    hiddenHost(),
    nameServersFlux(readings),
    replacedMachines(readings),
    sharedRoles(readings),
  ]
}
