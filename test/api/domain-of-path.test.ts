// The domain of a path, read once.
import { describe, expect, test } from 'vitest'
import { PathDomains } from '../../src/api/http/domain-of-path.ts'

describe('The domain of a path', () => {
  test('is the same when it is read and when it is remembered, for each form of it', () => {
    const domains = new PathDomains()
    for (let time = 0; time < 2; time += 1) {
      expect(domains.domainOf('Bad.Example.')).toBe('bad.example')
      expect(domains.domainOf('bad[.]example')).toBe('bad.example')
      expect(domains.domainOf('bücher.example')).toBe('xn--bcher-kva.example')
    }
    expect(domains.size).toBe(3)
  })

  test('is refused however often it is asked for, and nothing is remembered of that', () => {
    const domains = new PathDomains()
    for (let time = 0; time < 2; time += 1) expect(() => domains.domainOf('192.0.2.1')).toThrow('IP address')
    expect(domains.size).toBe(0)
  })

  test('is forgotten beyond the limit, the first one first', () => {
    const domains = new PathDomains(2)
    for (const name of ['a.example', 'b.example', 'c.example', 'a.example']) {
      expect(domains.domainOf(name)).toBe(name)
      expect(domains.size).toBeLessThanOrEqual(2)
    }
  })

  test('is not remembered of a long text', () => {
    const domains = new PathDomains()
    expect(domains.domainOf(`https://bad.example/${'x'.repeat(300)}`)).toBe('bad.example')
    expect(domains.size).toBe(0)
  })
})
