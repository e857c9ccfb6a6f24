// One record out of the pieces that it lies in: which columns a SELECT gathers, and what they are in the house's words.
import type { SeenRecord } from '../../../core/model/seen-record.ts'
import { carriedCount } from './carried-count.ts'

export type RecordRow = [
  name: string,
  type: string,
  data: string,
  firstSeen: number,
  lastSeen: number,
  vantages: string[],
  count: number,
  sensorCount: number,
]

export interface RecordKey {
  readonly name: string
  readonly type: string
  readonly data: string
}

/** SQL: those of `keyValues`. */
export const AMONG_KEYS =
  '(name, type, data) IN arrayZip({names:Array(String)}, {types:Array(String)}, {data:Array(String)})'

export function keyValues(keys: readonly RecordKey[]) {
  return {
    names: keys.map(({ name }) => name),
    types: keys.map(({ type }) => type),
    data: keys.map(({ data }) => data),
  }
}

/** Goes between SELECT and FROM; needs `GROUP BY name, type, data`. */
export const RECORD = `name, type, data, min(first) AS first_seen, max(last) AS last_seen, groupUniqArrayArray(vantages),
  ${carriedCount('carried')} + groupBitmapMerge(own),
  greatest(${carriedCount('carried_heard')} + groupBitmapMerge(heard), max(told))`

/** Groups are made in the order of the table: a page ends as soon as it is full. */
export const IN_ORDER = 'SETTINGS optimize_aggregation_in_order = 1'

export function toRecord(row: RecordRow): SeenRecord {
  const [name, type, data, firstSeen, lastSeen, vantages, count, sensorCount] = row
  return { name, type, data, firstSeen, lastSeen, count, sensorCount, vantages: vantages.toSorted() }
}
