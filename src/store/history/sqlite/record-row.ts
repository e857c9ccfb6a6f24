// A row of `rrset` as the record that it is.
import type { SQLOutputValue } from 'node:sqlite'
import type { SeenRecord } from '../../../core/model/seen-record.ts'
import { addressText } from './address-blob.ts'
import type { Dictionary } from './dictionary.ts'
import { TYPE_NUMBERS } from './schema-3.ts'
import { MOST_VANTAGE_BITS } from './slice-sums.ts'

export type RecordRow = Record<string, SQLOutputValue>

export const RECORD_COLUMNS =
  'name, type, data, first_seen, last_seen, count, sensor_observations, sensor_told, vantages, more_vantages'

const TYPE_OF_NUMBER: ReadonlyMap<number, string> = new Map(
  Object.entries(TYPE_NUMBERS).map(([type, number]) => [number, type]),
)

export function recordOf(row: RecordRow, texts: Dictionary, vantages: Dictionary): SeenRecord {
  const data = row['data'] as Uint8Array | number
  return {
    name: texts.textOf(row['name'] as number),
    type: TYPE_OF_NUMBER.get(row['type'] as number) ?? '',
    data: typeof data === 'number' ? texts.textOf(data) : addressText(data),
    firstSeen: row['first_seen'] as number,
    lastSeen: row['last_seen'] as number,
    count: row['count'] as number,
    sensorCount: Math.max(row['sensor_observations'] as number, row['sensor_told'] as number),
    vantages: vantageNumbers(row)
      .map((number) => vantages.textOf(number))
      .toSorted(),
  }
}

function vantageNumbers(row: RecordRow): number[] {
  const bits = row['vantages'] as number
  const numbers: number[] = []
  for (let number = 0; number < MOST_VANTAGE_BITS && 2 ** number <= bits; number += 1) {
    if (Math.floor(bits / 2 ** number) % 2 === 1) numbers.push(number)
  }
  const more = row['more_vantages'] as string | null
  return more === null ? numbers : [...numbers, ...(JSON.parse(more) as number[])]
}

/** A datum as a text that a cursor can hold, and back. */
export function datumText(data: Uint8Array | number): string {
  return typeof data === 'number' ? String(data) : `x${Buffer.from(data).toString('hex')}`
}

/** Null for what `datumText` did not make. */
export function datumOf(text: string): Uint8Array | bigint | null {
  if (/^x(?:[0-9a-f]{2})+$/.test(text)) return Buffer.from(text.slice(1), 'hex')
  return /^[0-9]{1,15}$/.test(text) ? BigInt(text) : null
}
