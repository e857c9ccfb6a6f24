import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { WaitingLine } from '../../src/dns/waiting-line.ts'

test('serves in the order of arrival, whatever comes and goes between', () => {
  // A number joins the line, null takes the first one out.
  const steps = fc.array(fc.option(fc.integer()), { maxLength: 200 })
  fc.assert(
    fc.property(steps, (sequence) => {
      const line = new WaitingLine<number>()
      const expected: number[] = []
      for (const step of sequence) {
        if (step === null) expect(line.shift()).toBe(expected.shift())
        else {
          line.push(step)
          expected.push(step)
        }
        expect(line.length).toBe(expected.length)
      }
      expect(line.drain()).toEqual(expected)
      expect(line.shift()).toBeUndefined()
    }),
  )
})
