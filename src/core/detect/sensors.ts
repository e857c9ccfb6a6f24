// What sensors' data adds to a name that our own vantages see moving: addresses in networks that we have not met. Never more than
// that: such data comes from elsewhere, may be old, poisoned or of a network with answers of its own, and convicts nobody alone.
import type { FeatureTable } from '../features/feature-definition.ts'
import type { Evidence } from '../model/assessment.ts'
import { SENSOR_PREFIX } from '../model/observation.ts'
import { countOf } from './signs/sign.ts'

/** The evidence that rests on sensors; all else rests on our vantages alone. */
export const SENSOR_EVIDENCE = 'sensor-addresses'

/**
 * One or two other networks are a site that was moved, or has two providers. 3: the youngest networks that FluXOR (Passerini et
 * al., DIMVA 2008) found had 3 to 5 agents after an hour. Hand-set.
 */
const LEAST_NETWORKS = 3
const MOVED = ['a_new_addresses', 'aaaa_new_addresses']
/** Sensors that the sentence names; the others are counted. */
const NAMED_SENSORS = 3

/**
 * `sensors`: names, sorted. `isExplained`: a context list says what the name is; that sensors see more of a pool or a CDN is
 * nothing new then. `capNats`: the most that it adds; ln(1 + n) / 2 for n networks.
 */
export function sensorEvidence(
  features: FeatureTable,
  sensors: readonly string[],
  isExplained: boolean,
  capNats: number,
): readonly Evidence[] {
  const networks = features.value('sensor_unseen_asns') ?? 0
  if (isExplained || networks < LEAST_NETWORKS || MOVED.every((id) => features.count(id) === 0)) return []
  const addresses = features.count('sensor_addresses')
  const unseen = features.count('sensor_unseen_addresses')
  return [
    {
      id: SENSOR_EVIDENCE,
      pointsTo: 'flux',
      about: 'addresses',
      weight: Math.round(Math.min(capNats, Math.log1p(networks) / 2) * 100) / 100,
      value: networks,
      unit: 'ASNs',
      text: `Sensors (${listed(sensors)}) saw ${countOf(addresses, 'address', 'addresses')}; ${unseen} of them, in ${countOf(networks, 'network')}, none of our vantages has seen.`,
      source:
        'Imported logs of resolvers; that a fluxing pool shows more of itself to more askers: DIGGER (Hu et al., INFOCOM 2011); weight hand-set and capped',
      restsOn: sensors.map((name) => `${SENSOR_PREFIX}${name}`),
    },
  ]
}

function listed(sensors: readonly string[]): string {
  const others = sensors.length - NAMED_SENSORS
  const named = sensors.slice(0, NAMED_SENSORS).join(', ')
  return others > 0 ? `${named} and ${countOf(others, 'other')}` : named
}
