import { describe, expect, test } from 'vitest'
import { readConfig } from '../../src/config.ts'
import { DEFAULT_POLICY } from '../../src/core/policy.ts'
import { configuredPolicy } from '../../src/wiring/settings.ts'

const policyWith = (environment: NodeJS.ProcessEnv) =>
  configuredPolicy(DEFAULT_POLICY, readConfig(environment))

describe('The policy of a configuration', () => {
  test('is the default one where nothing is configured', () => {
    expect(policyWith({})).toEqual(DEFAULT_POLICY)
  })

  test('knows which vantages ask the authorities themselves', () => {
    const vantages = [
      { id: 'quad9', protocol: 'udp', server: '9.9.9.10' },
      { id: 'own-walk', protocol: 'direct', rootHints: ['198.41.0.4'] },
    ]
    expect(policyWith({ FLUXWATCH_VANTAGES: JSON.stringify(vantages) }).directVantages).toEqual(['own-walk'])
  })

  test('holds a longer least interval for the quick looks too, and a shorter one for the others alone', () => {
    const { minIntervalSeconds, directIntervalSeconds } = policyWith({ FLUXWATCH_MIN_INTERVAL: '120' })
    expect([minIntervalSeconds, directIntervalSeconds]).toEqual([120, 120])
    expect(policyWith({ FLUXWATCH_MIN_INTERVAL: '10' })).toEqual({
      ...DEFAULT_POLICY,
      minIntervalSeconds: 10,
    })
  })
})
