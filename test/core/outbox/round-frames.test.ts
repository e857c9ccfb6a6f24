// Several rounds in one entry of the stream, as the commit script frames them.
import { array, assert, property, uint8Array } from 'fast-check'
import { describe, expect, test } from 'vitest'
import { FRAMED, roundsOf } from '../../../src/core/outbox/round-frames.ts'

/** As the commit script does it. */
function framed(rounds: readonly Uint8Array[]): Buffer {
  const frames = rounds.flatMap((round) => {
    const length = Buffer.alloc(4)
    length.writeUInt32LE(round.length)
    return [length, round]
  })
  return Buffer.concat([Buffer.of(FRAMED), ...frames])
}

describe('The rounds of an entry', () => {
  test('are read as they were framed, whatever is in them', () => {
    assert(
      property(array(uint8Array({ maxLength: 80 }), { maxLength: 12 }), (rounds) => {
        expect(roundsOf(framed(rounds)).map((round) => [...round])).toEqual(rounds.map((round) => [...round]))
      }),
    )
  })

  test('worked example: a mark, and each round with its length before it', () => {
    const entry = Buffer.from('f1 02000000 abcd 00000000 01000000 f1'.replaceAll(' ', ''), 'hex')
    expect(roundsOf(entry).map((round) => Buffer.from(round).toString('hex'))).toEqual(['abcd', '', 'f1'])
  })

  test('of an entry from before rounds were gathered are the entry itself, packed or as JSON', () => {
    for (const entry of [Buffer.from('[{"id":"x"}]'), Buffer.of(1, 2, 3), Buffer.alloc(0)]) {
      expect(roundsOf(entry)).toEqual([entry])
    }
  })

  test('are read where the entry lies in the middle of a larger buffer', () => {
    const entry = framed([Buffer.from('one'), Buffer.from('two')])
    const larger = Buffer.concat([Buffer.alloc(7, 9), entry, Buffer.alloc(5, 9)])
    const rounds = roundsOf(larger.subarray(7, 7 + entry.length))
    expect(rounds.map((round) => Buffer.from(round).toString())).toEqual(['one', 'two'])
  })

  test('of an entry that was cut are refused, wherever it was cut but between two rounds', () => {
    const entry = framed([Buffer.from('one'), Buffer.from('three')])
    for (let length = 2; length < entry.length; length += 1) {
      if (length === 1 + 4 + 3) continue
      expect(() => roundsOf(entry.subarray(0, length))).toThrow()
    }
    expect(() => roundsOf(entry.subarray(0, entry.length - 1))).toThrow('The rounds of an entry end too soon')
  })
})
