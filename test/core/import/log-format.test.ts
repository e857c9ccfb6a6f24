import { describe, expect, test } from 'vitest'
import { formatOfLine } from '../../../src/core/import/log-format.ts'
import { isSensorName } from '../../../src/core/import/sensor-name.ts'
import { HEADER, jsonLine } from './zeek-sample.ts'

describe('The format of a log', () => {
  test.each([
    [HEADER[0]!, 'zeek-tsv'],
    [jsonLine(), 'zeek-json'],
    ['{"ts":1,"uid":"C1","trans_id":7}', 'zeek-json'],
    ['{"rrname":"a.example","rrtype":"A"}', 'cof'],
    ['{"ts":1,"uid":"C1","service":"ssl"}', null],
    ['timestamp,query', null],
    ['"rrname"', null],
  ])('is told by a line: %s', (line, format) => {
    expect(formatOfLine(line)).toBe(format)
  })
})

describe('The name of a sensor', () => {
  test.each(['corp-dns', '7', 'a'.repeat(32)])('may be %s', (name) => {
    expect(isSensorName(name)).toBe(true)
  })
  test.each(['', 'Corp', '-a', 'a b', 'a:b', 'a,b', 'a'.repeat(33), 'a\n'])('may not be %j', (name) => {
    expect(isSensorName(name)).toBe(false)
  })
})
