// The measured unit costs, as they lie in unit-costs.json: what `npm run sizing` multiplies. Written part by part, so that a run of
// some parts keeps what others have found.
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

export interface UnitCosts {
  /** Which machine and when, a sentence. */
  readonly measured: string
  /** CPU time of a settled name's host round, and of a zone round; microseconds. */
  readonly hostRound: { readonly workerUs: number; readonly redisUs: number }
  readonly zoneRound: { readonly workerUs: number; readonly redisUs: number }
  /** Of the history's files in SQLite, a host round. */
  readonly historyOctetsPerRound: number
  /** Both directions, with the headers of IPv4 and UDP. */
  readonly hostWire: { readonly packets: number; readonly octets: number }
  readonly zoneWire: { readonly packets: number; readonly octets: number }
  /** CPU time of a name that comes in by NDJSON; microseconds. */
  readonly intake: { readonly apiUs: number; readonly redisUs: number }
  /** Redis memory of a settled name with its zone, and among how many it was measured. */
  readonly redisOctetsPerName: number
  readonly namesLoaded: number
}

export const UNIT_COSTS_PATH = join(import.meta.dirname, 'unit-costs.json')

/** Throws with a sentence when they are not complete: some part was never measured. */
export function readUnitCosts(path = UNIT_COSTS_PATH): UnitCosts {
  const costs = readPart(path)
  const missing = FIELDS.filter((field) => costs[field] === undefined)
  if (missing.length > 0)
    throw new Error(`${path} lacks ${missing.join(', ')}: run npm run bench:pipeline -- --write`)
  return costs as UnitCosts
}

/** Keeps what stands there and is not measured anew. */
export function writeUnitCosts(measured: Partial<UnitCosts>, path = UNIT_COSTS_PATH): void {
  writeFileSync(path, `${JSON.stringify({ ...readPart(path), ...rounded(measured) }, null, 2)}\n`)
}

const FIELDS: readonly (keyof UnitCosts)[] = [
  'measured',
  'hostRound',
  'zoneRound',
  'historyOctetsPerRound',
  'hostWire',
  'zoneWire',
  'intake',
  'redisOctetsPerName',
  'namesLoaded',
]

function readPart(path: string): Partial<UnitCosts> {
  return existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as Partial<UnitCosts>) : {}
}

/** To a tenth: the rest is noise. */
function rounded(costs: Partial<UnitCosts>): Partial<UnitCosts> {
  return JSON.parse(
    JSON.stringify(costs, (_key, value: unknown) =>
      typeof value === 'number' ? Math.round(value * 10) / 10 : value,
    ),
  ) as Partial<UnitCosts>
}
