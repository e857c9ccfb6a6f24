// Submitting while there is no room: refused with a sentence, a code and Retry-After, and what was accepted is told.
import assert from 'node:assert/strict'
import { describe, it } from 'vitest'
import { FluxError } from '../../src/core/errors.ts'
import { ask } from './contract.ts'
import { openHouse, OPTIONS, type House } from './house.ts'

const FULL = '2000 targets are watched; FLUXWATCH_MAX_TARGETS is 2000.'

/** From now on there is room for so many more calls that add names. */
function fillAfter({ house }: House, adds: number): void {
  const { scans } = house.ports
  const [open, add] = [scans.open.bind(scans), scans.add.bind(scans)]
  let left = adds
  scans.open = async (options) => {
    if (left <= 0) throw new FluxError('FLUX_INTAKE_FULL', FULL)
    return open(options)
  }
  scans.add = async (scan, domains) => {
    if (left <= 0) throw new FluxError('FLUX_INTAKE_FULL', FULL)
    left -= 1
    return add(scan, domains)
  }
}

const submission = { method: 'POST', url: '/v1/scans', payload: { domains: ['a.example'] } } as const

describe('POST /v1/scans while there is no room', () => {
  it('answers 503 with the code, a sentence with the figures, and when to come again', async () => {
    await using house = await openHouse()
    fillAfter(house, 0)
    const response = await ask(house.app, submission)
    assert.equal(response.statusCode, 503)
    assert.match(String(response.headers['content-type']), /^application\/problem\+json/u)
    assert.match(String(response.headers['retry-after']), /^[1-9]\d*$/u)
    const problem = response.json()
    assert.equal(problem.code, 'FLUX_INTAKE_FULL')
    assert.equal(problem.status, 503)
    assert.equal(problem.detail, FULL)
    assert.equal(house.house.scans.size, 0)
  })

  it('refuses text and streams alike', async () => {
    await using house = await openHouse()
    fillAfter(house, 0)
    for (const [type, payload] of [
      ['text/plain', 'a.example\n'],
      ['application/x-ndjson', '"a.example"\n'],
    ] as const) {
      const headers = { 'content-type': type }
      const response = await ask(house.app, { ...submission, headers, payload })
      assert.equal(response.statusCode, 503)
      assert.equal(response.json().code, 'FLUX_INTAKE_FULL')
      assert.equal(response.json().scan, undefined)
    }
  })

  it('still answers for what is watched already', async () => {
    await using house = await openHouse()
    house.house.watch('a.example', OPTIONS)
    fillAfter(house, 0)
    assert.equal((await ask(house.app, { url: '/v1/domains/a.example/verdict' })).statusCode, 200)
  })

  it('does not use an Idempotency-Key up: the same request is taken when there is room', async () => {
    await using house = await openHouse()
    const { scans } = house.house.ports
    const open = scans.open.bind(scans)
    scans.open = async () => Promise.reject(new FluxError('FLUX_INTAKE_FULL', FULL))
    const request = { ...submission, headers: { 'idempotency-key': 'k' } }
    assert.equal((await ask(house.app, request)).statusCode, 503)
    scans.open = open
    assert.equal((await ask(house.app, request)).statusCode, 202)
  })

  it('tells a stream that is refused half-way what was accepted, and seals its scan', async () => {
    await using house = await openHouse()
    fillAfter(house, 2)
    const lines = Array.from({ length: 5000 }, (_, index) => `"d${index}.example"\n`).join('')
    const response = await ask(house.app, {
      ...submission,
      headers: { 'content-type': 'application/x-ndjson' },
      payload: lines,
    })
    assert.equal(response.statusCode, 503)
    assert.match(String(response.headers['retry-after']), /^[1-9]\d*$/u)
    const problem = response.json()
    assert.equal(problem.code, 'FLUX_INTAKE_FULL')
    assert.equal(problem.accepted, 2000)
    assert.equal(
      problem.detail,
      `${FULL} 2000 domains were accepted before that and stay in scan ${problem.scan}, which is sealed.`,
    )
    assert.equal(house.house.scans.get(problem.scan)!.sealed, true)
    assert.equal(house.house.scans.get(problem.scan)!.domains.size, 2000)
  })
})
