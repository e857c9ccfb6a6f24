// A number for an observation in the bitmaps that count: made so that the numbers of one series of looks lie close together, and
// a bitmap holds each in about two octets, where a set of row keys takes eight.
import { rowKey } from '../../../core/history/row-key.ts'
import type { StoredObservation } from '../../../core/model/observation.ts'
import { lookOf } from './short-id.ts'

/** Rounds of one second are told apart by their numbers' last two bits. */
const ROUNDS_A_SECOND = 4

/**
 * 64 bits: who looked with which question at what (a hash), then the second. Two looks with one question by one vantage at one
 * target are never within one second, but for those that the id or the round tells apart, which the hash takes in. Two
 * observations have the same number only when their hashes collide (once in four thousand million pairs) and their seconds are
 * the same.
 */
export function sightNumber(row: StoredObservation): bigint {
  // Sensors have no rounds, and as many observations of one question in a second as they like.
  const look = row.round === 0 ? row.id : `${row.round % ROUNDS_A_SECOND} ${lookOf(row)}`
  return (BigInt(rowKey(look) % 2 ** 32) << 32n) | BigInt(Math.floor(row.at / 1000) >>> 0)
}
