// Whose scans they are: a tenant is named by its API keys.
import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { describe, it } from 'vitest'
import { ask } from './contract.ts'
import { openHouse, type House } from './house.ts'

const ACME = 'fw_live_0123456789abcdef0123456789abcdef'
const SOC = 'fw_live_fedcba9876543210fedcba9876543210'
const NOBODYS = 'fw_live_00000000000000000000000000000000'
const digest = createHash('sha256').update(SOC).digest('hex')
const KEYS = [`acme=${ACME}`, `soc=sha256:${digest}`, NOBODYS]

async function tenantOfScan(
  { app, house }: House,
  headers: Record<string, string>,
): Promise<string | undefined> {
  const payload = { domains: ['a.example'] }
  const response = await ask(app, { method: 'POST', url: '/v1/scans', payload, headers })
  assert.equal(response.statusCode, 202)
  return house.scans.get(response.json().id)!.options.tenant
}

describe('A scan', () => {
  it('is of the tenant whose key it came with, whatever form the key was configured in', async () => {
    await using house = await openHouse({ apiKeys: KEYS })
    assert.equal(await tenantOfScan(house, { authorization: `Bearer ${ACME}` }), 'acme')
    assert.equal(await tenantOfScan(house, { 'x-api-key': ACME }), 'acme')
    assert.equal(await tenantOfScan(house, { authorization: `Bearer ${SOC}` }), 'soc')
    assert.equal(await tenantOfScan(house, { authorization: `Bearer ${NOBODYS}` }), '')
  })

  it('is of the tenant whose key it came with as text and as a stream', async () => {
    await using house = await openHouse({ apiKeys: KEYS })
    for (const [type, payload] of [
      ['text/plain', 'a.example\n'],
      ['application/x-ndjson', '"a.example"\n'],
    ] as const) {
      const response = await ask(house.app, {
        method: 'POST',
        url: '/v1/scans',
        headers: { authorization: `Bearer ${ACME}`, 'content-type': type },
        payload,
      })
      assert.equal(house.house.scans.get(response.json().id)!.options.tenant, 'acme')
    }
  })

  it('is of the tenant without a name where no keys are needed', async () => {
    await using house = await openHouse()
    assert.equal(await tenantOfScan(house, {}), '')
  })
})

describe('A key', () => {
  it('is known without the name of its tenant, and not with it', async () => {
    await using house = await openHouse({ apiKeys: KEYS })
    for (const key of [`acme=${ACME}`, `soc=${ACME}`, 'acme', 'fw_live_unknown0123456789abcdef']) {
      const headers = { authorization: `Bearer ${key}` }
      const response = await ask(house.app, { url: '/v1/domains/a.example/verdict', headers })
      assert.equal(response.statusCode, 401)
      assert.equal(response.json().code, 'FLUX_UNAUTHORIZED')
      assert.ok(!response.body.includes(ACME))
    }
  })
})
