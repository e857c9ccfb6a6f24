import { describe, expect, test } from 'vitest'
import { parseServerAddress, serverText } from '../../src/dns/server-address.ts'
import { DEFAULT_VANTAGES, parseVantageConfigs } from '../../src/dns/vantage-config.ts'

const GOOD = { id: 'quad9', protocol: 'udp', server: '9.9.9.10:53' }

describe('a list that is right', () => {
  test('comes back entry by entry', () => {
    const value = [
      GOOD,
      { id: 'v6', protocol: 'tcp', server: '[2620:fe::10]', qps: 0.5, ecs: '203.0.113.0/24', timeoutMs: 800 },
    ]
    expect(parseVantageConfigs(value)).toEqual(value)
  })

  test('the default vantages are one, by three different ids and servers', () => {
    expect(parseVantageConfigs(DEFAULT_VANTAGES)).toEqual(DEFAULT_VANTAGES)
    expect(new Set(DEFAULT_VANTAGES.map((vantage) => vantage.server)).size).toBe(3)
  })
})

describe('a list that is wrong stops with a sentence', () => {
  const second = (change: object): unknown => [GOOD, { ...GOOD, id: 'second', ...change }]
  const without = (field: string): unknown => [
    Object.fromEntries(Object.entries(GOOD).filter(([name]) => name !== field)),
  ]
  test.each<[unknown, string]>([
    ['quad9', 'FLUXWATCH_VANTAGES: expected a list of vantages, got "quad9"'],
    [undefined, 'FLUXWATCH_VANTAGES: expected a list of vantages, got undefined'],
    [[], 'FLUXWATCH_VANTAGES: expected at least one vantage, got an empty list'],
    [[GOOD, null], 'FLUXWATCH_VANTAGES[1]: expected an object, got null'],
    [[[GOOD]], `FLUXWATCH_VANTAGES[0]: expected an object, got [${JSON.stringify(GOOD)}]`],
    [without('id'), 'FLUXWATCH_VANTAGES[0].id: is missing'],
    [without('protocol'), 'FLUXWATCH_VANTAGES[0].protocol: is missing'],
    [without('server'), 'FLUXWATCH_VANTAGES[0].server: is missing'],
    [[GOOD, GOOD], 'FLUXWATCH_VANTAGES[1].id: "quad9" is already the id of FLUXWATCH_VANTAGES[0]'],
    [
      second({ id: 'Quad9' }),
      'FLUXWATCH_VANTAGES[1].id: expected lower-case letters, digits and hyphens (at most 32), got "Quad9"',
    ],
    [
      second({ id: '-a' }),
      'FLUXWATCH_VANTAGES[1].id: expected lower-case letters, digits and hyphens (at most 32), got "-a"',
    ],
    [
      second({ server: 'dns.example' }),
      'FLUXWATCH_VANTAGES[1].server: "dns.example" is a host name; give the resolver\'s IP address',
    ],
    [
      second({ server: 'dns.example:53' }),
      'FLUXWATCH_VANTAGES[1].server: "dns.example" is a host name; give the resolver\'s IP address',
    ],
    [second({ server: '9.9.9' }), 'FLUXWATCH_VANTAGES[1].server: "9.9.9" is not an IP address'],
    [second({ server: '9.9.9.9:0' }), 'FLUXWATCH_VANTAGES[1].server: "0" is not a port (1 to 65535)'],
    [second({ server: '9.9.9.9:65536' }), 'FLUXWATCH_VANTAGES[1].server: "65536" is not a port (1 to 65535)'],
    [second({ server: '9.9.9.9:' }), 'FLUXWATCH_VANTAGES[1].server: "" is not a port (1 to 65535)'],
    [second({ server: 53 }), 'FLUXWATCH_VANTAGES[1].server: expected ip:port or [v6]:port, got 53'],
    [second({ qps: 0 }), 'FLUXWATCH_VANTAGES[1].qps: expected a number above 0, got 0'],
    [second({ qps: '50' }), 'FLUXWATCH_VANTAGES[1].qps: expected a number above 0, got "50"'],
    [
      second({ ecs: '203.0.113.0/33' }),
      'FLUXWATCH_VANTAGES[1].ecs: expected a network such as 203.0.113.0/24, got "203.0.113.0/33"',
    ],
    [
      second({ timeoutMs: 0.5 }),
      'FLUXWATCH_VANTAGES[1].timeoutMs: expected whole milliseconds from 1 to 60000, got 0.5',
    ],
    [
      second({ sever: 'x' }),
      'FLUXWATCH_VANTAGES[1].sever: unknown key; known are id, protocol, server, qps, ecs, timeoutMs',
    ],
    [second({ protocol: 'quic' }), 'FLUXWATCH_VANTAGES[1].protocol: expected udp or tcp, got "quic"'],
    [
      [GOOD, { id: 'direct', protocol: 'direct', rootHints: ['198.41.0.4'], port: 53 }],
      'FLUXWATCH_VANTAGES[1].protocol: "direct" is not supported by this version; use udp or tcp',
    ],
    [
      second({ protocol: 'dot' }),
      'FLUXWATCH_VANTAGES[1].protocol: "dot" is not supported by this version; use udp or tcp',
    ],
    [
      second({ protocol: 'doh' }),
      'FLUXWATCH_VANTAGES[1].protocol: "doh" is not supported by this version; use udp or tcp',
    ],
  ])('%j', (value, sentence) => {
    expect(() => parseVantageConfigs(value)).toThrow(new Error(sentence))
  })
})

describe('the address of a server', () => {
  test.each([
    ['192.0.2.1', '192.0.2.1:53'],
    ['192.0.2.1:5353', '192.0.2.1:5353'],
    ['2001:db8::1', '[2001:db8::1]:53'],
    ['[2001:db8::1]', '[2001:db8::1]:53'],
    ['[2001:db8::1]:5353', '[2001:db8::1]:5353'],
  ])('%s is %s', (text, expected) => {
    const server = parseServerAddress(text)
    if (typeof server === 'string') throw new Error(server)
    expect(serverText(server)).toBe(expected)
  })

  test.each([
    '',
    ':53',
    '[192.0.2.1]:53',
    '[]:53',
    '192.0.2.1:53:53',
    '0x7f.1',
    '1.2.3.4/32',
    '[::1',
    '::1]',
    '192.0.2.1: 53',
  ])('%j is none', (text) => {
    expect(typeof parseServerAddress(text)).toBe('string')
  })
})
