import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { FluxError } from '../../src/core/errors.ts'
import { cursorOf, readCursor } from '../../src/store/cursor.ts'

test('A cursor gives its position back', () => {
  fc.assert(
    fc.property(fc.nat({ max: Number.MAX_SAFE_INTEGER }), (position) => {
      expect(readCursor(cursorOf(position))).toBe(position)
    }),
  )
})

test('What cursorOf did not make is refused with FLUX_INVALID, naming the cursor', () => {
  const spellings = ['', 'x', '17', `${cursorOf(17)}!`, ` ${cursorOf(17)}`, `${cursorOf(17)}=`]
  const contents = ['c1:', 'c1:-1', 'c1:1.5', 'c1:007', 'c2:1', 'c1:1e3', 'c1:99999999999999999']
  for (const cursor of [...spellings, ...contents.map((text) => Buffer.from(text).toString('base64url'))]) {
    const read = () => readCursor(cursor)
    expect(read, cursor).toThrow(FluxError)
    expect(read, cursor).toThrow(
      expect.objectContaining({
        code: 'FLUX_INVALID',
        errors: [expect.objectContaining({ pointer: '#/cursor', code: 'bad_cursor' })],
      }),
    )
  }
})

test('Any other text is refused, never misread', () => {
  fc.assert(
    fc.property(fc.string({ maxLength: 30 }), (text) => {
      try {
        expect(cursorOf(readCursor(text))).toBe(text)
      } catch (error) {
        expect(error).toBeInstanceOf(FluxError)
      }
    }),
  )
})
