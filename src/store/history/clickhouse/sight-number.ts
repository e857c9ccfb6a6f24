// A number for an observation in the bitmaps that count: made so that the numbers of one series of looks lie close together, and
// a bitmap holds each in about two octets, where a set of row keys takes eight.
import { rowKey } from '../../../core/history/row-key.ts'
import type { StoredObservation } from '../../../core/model/observation.ts'
import { lookOf } from './short-id.ts'

/**
 * 64 bits in decimal: who looked with which question at what (a hash), then the second. Two looks with one question by one
 * vantage at one target are never within one second, but for those that the id tells apart, which the hash takes in. Two
 * observations have the same number only when their hashes collide (once in four thousand million pairs) and their seconds are
 * the same.
 */
export function sightNumber(row: StoredObservation): bigint {
  return (BigInt(rowKey(lookOf(row)) % 2 ** 32) << 32n) | BigInt(Math.floor(row.at / 1000) >>> 0)
}
