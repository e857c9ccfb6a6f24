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

  test('may hold every protocol with every setting that it knows', () => {
    const value = [
      { id: 'udp', protocol: 'udp', server: '9.9.9.10', maxInFlight: 1, jitterMs: 0 },
      { id: 'tcp', protocol: 'tcp', server: '9.9.9.10', connections: 4, maxInFlight: 100_000 },
      {
        id: 'dot',
        protocol: 'dot',
        server: '9.9.9.10:8853',
        tlsName: 'dns.quad9.net',
        caFile: '/etc/ca.pem',
        connections: 1,
        ecs: '2001:db8::/56',
      },
      {
        id: 'doh',
        protocol: 'doh',
        url: 'https://dns.example/dns-query',
        address: '192.0.2.1',
        method: 'GET',
      },
      { id: 'doh-v6', protocol: 'doh', url: 'https://[2620:fe::10]:8443/dns-query{?dns}', method: 'POST' },
      {
        id: 'lab',
        protocol: 'direct',
        rootHints: ['127.0.0.1', '::1'],
        port: 5353,
        qps: 10,
        qpsPerAuthority: 0.5,
        allowSpecialPurpose: true,
      },
    ]
    expect(parseVantageConfigs(value)).toEqual(value)
  })

  test('may be the one that the design shows', () => {
    const value = [
      { id: 'quad9', protocol: 'udp', server: '9.9.9.10:53', qps: 50, ecs: '203.0.113.0/24' },
      { id: 'direct', protocol: 'direct', rootHints: ['198.41.0.4'], port: 53 },
    ]
    expect(parseVantageConfigs(value)).toEqual(value)
  })

  test('the default vantages are one, by three different ids and servers', () => {
    expect(parseVantageConfigs(DEFAULT_VANTAGES)).toEqual(DEFAULT_VANTAGES)
    expect(new Set(DEFAULT_VANTAGES.map((vantage) => 'server' in vantage && vantage.server)).size).toBe(3)
  })
})

describe('a list that is wrong stops with a sentence', () => {
  const second = (change: object): unknown => [GOOD, { ...GOOD, id: 'second', ...change }]
  const other = (entry: object): unknown => [GOOD, { id: 'second', ...entry }]
  const DOH_URL = 'FLUXWATCH_VANTAGES[1].url: expected an https URL such as https://dns.quad9.net/dns-query'
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
      'FLUXWATCH_VANTAGES[1].sever: unknown key; known are id, protocol, server, qps, timeoutMs, maxInFlight, jitterMs, ecs',
    ],
    [
      second({ connections: 2 }),
      'FLUXWATCH_VANTAGES[1].connections: unknown key; known are id, protocol, server, qps, timeoutMs, maxInFlight, jitterMs, ecs',
    ],
    [
      second({ protocol: 'quic' }),
      'FLUXWATCH_VANTAGES[1].protocol: expected udp, tcp, dot, doh or direct, got "quic"',
    ],
    [
      second({ protocol: 'toString' }),
      'FLUXWATCH_VANTAGES[1].protocol: expected udp, tcp, dot, doh or direct, got "toString"',
    ],
    [
      second({ maxInFlight: 0 }),
      'FLUXWATCH_VANTAGES[1].maxInFlight: expected a whole number from 1 to 100000, got 0',
    ],
    [
      second({ jitterMs: -1 }),
      'FLUXWATCH_VANTAGES[1].jitterMs: expected whole milliseconds from 0 to 10000, got -1',
    ],
    [
      second({ protocol: 'tcp', connections: 65 }),
      'FLUXWATCH_VANTAGES[1].connections: expected a whole number from 1 to 64, got 65',
    ],
    [
      second({ protocol: 'dot', tlsName: '9.9.9.9' }),
      'FLUXWATCH_VANTAGES[1].tlsName: expected a host name such as dns.quad9.net, got "9.9.9.9"',
    ],
    [
      second({ protocol: 'dot', caFile: '' }),
      'FLUXWATCH_VANTAGES[1].caFile: expected the path of a file, got ""',
    ],
    [
      second({ protocol: 'dot', server: 'dns.quad9.net:853' }),
      'FLUXWATCH_VANTAGES[1].server: "dns.quad9.net" is a host name; give the resolver\'s IP address',
    ],
    [second({ protocol: 'doh' }), 'FLUXWATCH_VANTAGES[1].url: is missing'],
    [
      other({ protocol: 'doh', url: 'http://192.0.2.1/dns-query' }),
      `${DOH_URL}, got "http://192.0.2.1/dns-query"`,
    ],
    [other({ protocol: 'doh', url: 'dns.example' }), `${DOH_URL}, got "dns.example"`],
    [
      other({ protocol: 'doh', url: 'https://user:secret@192.0.2.1/' }),
      `${DOH_URL}, without user and password`,
    ],
    [
      other({ protocol: 'doh', url: 'https://192.0.2.1/{name}' }),
      `${DOH_URL}, got "https://192.0.2.1/{name}"`,
    ],
    [
      other({ protocol: 'doh', url: 'https://192.0.2.1/dns-query#dns' }),
      `${DOH_URL}, got "https://192.0.2.1/dns-query#dns"`,
    ],
    [
      other({ protocol: 'doh', url: 'https://dns.example/dns-query' }),
      'FLUXWATCH_VANTAGES[1].address: is missing; nothing resolves "dns.example" for us, give its IP address',
    ],
    [
      other({ protocol: 'doh', url: 'https://dns.example/', address: 'dns.example' }),
      'FLUXWATCH_VANTAGES[1].address: expected an IP address, got "dns.example"',
    ],
    [
      other({ protocol: 'doh', url: 'https://192.0.2.1/', method: 'PUT' }),
      'FLUXWATCH_VANTAGES[1].method: expected GET or POST, got "PUT"',
    ],
    [
      other({ protocol: 'doh', url: 'https://192.0.2.1/', server: '192.0.2.1' }),
      'FLUXWATCH_VANTAGES[1].server: unknown key; known are id, protocol, url, qps, timeoutMs, maxInFlight, jitterMs, ecs, address, method, caFile',
    ],
    [other({ protocol: 'direct' }), 'FLUXWATCH_VANTAGES[1].rootHints: is missing'],
    [
      other({ protocol: 'direct', rootHints: [] }),
      "FLUXWATCH_VANTAGES[1].rootHints: expected a list of root servers' IP addresses (1 to 64), got []",
    ],
    [
      other({ protocol: 'direct', rootHints: ['198.41.0.4', 'a.root-servers.net'] }),
      'FLUXWATCH_VANTAGES[1].rootHints: expected a list of root servers\' IP addresses, got "a.root-servers.net" in it',
    ],
    [
      other({ protocol: 'direct', rootHints: ['198.41.0.4', '127.0.0.1'] }),
      'FLUXWATCH_VANTAGES[1].rootHints: "127.0.0.1" is a special-purpose address, which is never asked unless allowSpecialPurpose is true',
    ],
    [
      other({ protocol: 'direct', rootHints: ['198.41.0.4'], port: 0 }),
      'FLUXWATCH_VANTAGES[1].port: expected a port from 1 to 65535, got 0',
    ],
    [
      other({ protocol: 'direct', rootHints: ['198.41.0.4'], qpsPerAuthority: 0 }),
      'FLUXWATCH_VANTAGES[1].qpsPerAuthority: expected a number above 0, got 0',
    ],
    [
      other({ protocol: 'direct', rootHints: ['198.41.0.4'], allowSpecialPurpose: 'yes' }),
      'FLUXWATCH_VANTAGES[1].allowSpecialPurpose: expected true or false, got "yes"',
    ],
    [
      other({ protocol: 'direct', rootHints: ['198.41.0.4'], ecs: '203.0.113.0/24' }),
      'FLUXWATCH_VANTAGES[1].ecs: unknown key; known are id, protocol, rootHints, qps, timeoutMs, maxInFlight, jitterMs, port, qpsPerAuthority, allowSpecialPurpose',
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

  test('has the default port that the caller gives', () => {
    expect(parseServerAddress('[2001:db8::1]', 853)).toEqual({ address: '2001:db8::1', port: 853 })
    expect(parseServerAddress('192.0.2.1:53', 853)).toEqual({ address: '192.0.2.1', port: 53 })
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
