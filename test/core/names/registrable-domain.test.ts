// What is registered, and what lies under what.
import { describe, expect, test } from 'vitest'
import { isSubdomainOf, registrableDomain } from '../../../src/core/names/registrable-domain.ts'

describe('the registrable domain', () => {
  test.each([
    ['www.example.com', 'example.com'],
    ['example.com', 'example.com'],
    ['a.b.example.co.uk', 'example.co.uk'],
    ['ns1.evil.example', 'evil.example'],
    ['a.b.unknowntld', 'b.unknowntld'],
    ['user.github.io', 'github.io'],
    ['a.b.foo.ck', 'b.foo.ck'],
    ['a.www.ck', 'www.ck'],
    ['_sip._tcp.example.com', 'example.com'],
    ['www.xn--fiqs8s', 'www.xn--fiqs8s'],
    ['a.b.xn--55qx5d.cn', 'b.xn--55qx5d.cn'],
    ['4.3.2.1.in-addr.arpa', '1.in-addr.arpa'],
    ['co.uk', null],
    ['com', null],
    ['unknowntld', null],
    ['', null],
  ])('of %j is %j', (name, registrable) => {
    expect(registrableDomain(name)).toBe(registrable)
  })
})

describe('a subdomain', () => {
  test.each([
    ['a.b.example', 'b.example', true],
    ['b.example', 'b.example', true],
    ['b.example', 'example', true],
    ['anything.example', '', true],
    ['ab.example', 'b.example', false],
    ['b.example', 'a.b.example', false],
    ['b.example', 'c.example', false],
    ['', 'example', false],
  ])('%j under %j: %s', (name, ancestor, expected) => {
    expect(isSubdomainOf(name, ancestor)).toBe(expected)
  })
})
