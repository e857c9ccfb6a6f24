// The well-formed messages that a fuzz run mutates: every type and option that the decoder reads, made by dns-packet, and
// the same with compressed names, which dns-packet does not write.
import packet, { type Answer, type Packet } from 'dns-packet'

const NAME = 'www.Fast-Flux.example'
const OTHER = 'ns1.hoster.example'

const RECORDS: readonly Answer[] = [
  { type: 'A', name: NAME, ttl: 60, data: '192.0.2.1' },
  { type: 'AAAA', name: NAME, ttl: 60, data: '2001:db8::53' },
  { type: 'NS', name: NAME, ttl: 86_400, data: OTHER },
  { type: 'CNAME', name: NAME, ttl: 0, data: 'alias.example' },
  { type: 'PTR', name: '1.2.0.192.in-addr.arpa', ttl: 300, data: 'host.example' },
  { type: 'TXT', name: NAME, ttl: 300, data: ['one', 'two \u0007 "quoted"', ''] },
  {
    type: 'SOA',
    name: 'example',
    ttl: 300,
    data: { mname: OTHER, rname: 'admin.example', serial: 1, refresh: 2, retry: 3, expire: 4, minimum: 5 },
  },
  { type: 'MX', name: NAME, ttl: 300, data: { preference: 10, exchange: 'mail.example' } },
  { type: 'SRV', name: NAME, ttl: 300, data: { port: 53, target: 'srv.example', priority: 1, weight: 1 } },
]

/** RFC 7871, 7873 (both forms), 7828, 7830, 8914, and one that nobody knows. */
const OPTIONS = [
  { code: 8, family: 1, sourcePrefixLength: 24, scopePrefixLength: 20, ip: '203.0.113.0' },
  { code: 8, family: 2, sourcePrefixLength: 56, scopePrefixLength: 0, ip: '2001:db8::' },
  { code: 10, data: Buffer.alloc(8, 1) },
  { code: 10, data: Buffer.alloc(24, 2) },
  { code: 11, data: Buffer.from([0, 100]) },
  { code: 12, data: Buffer.alloc(31) },
  { code: 15, data: Buffer.from([0, 22, ...Buffer.from('no reachable authority \u202E')]) },
  { code: 65_001, data: Buffer.from('private') },
]

function opt(options: readonly unknown[]): Answer {
  return { type: 'OPT', name: '.', udpPayloadSize: 1232, flags: 0, options } as unknown as Answer
}

function response(parts: Partial<Packet>, rcode = 0): Buffer {
  return packet.encode({
    type: 'response',
    id: 0x1234,
    flags: packet.RECURSION_DESIRED | packet.RECURSION_AVAILABLE | rcode,
    questions: [{ type: 'A', name: NAME }],
    ...parts,
  })
}

export function seedPackets(): readonly Buffer[] {
  return [
    ...RECORDS.map((record) => response({ answers: [record] })),
    ...OPTIONS.map((option) => response({ answers: [RECORDS[0]!], additionals: [opt([option])] })),
    response({ additionals: [opt(OPTIONS)] }),
    response({ answers: [...RECORDS], authorities: [...RECORDS], additionals: [...RECORDS, opt(OPTIONS)] }),
    response({ answers: Array.from({ length: 40 }, () => RECORDS[0]!) }),
    response({ authorities: [RECORDS[6]!] }, 3),
    response({}, 2),
    packet.encode({ type: 'query', id: 1, questions: [{ type: 'A', name: NAME }] }),
    compressed(),
    pointerLadder(),
  ]
}

/** Owner and data by pointers into the question and into each other, as real servers write them. */
function compressed(): Buffer {
  const question = Buffer.concat([
    Buffer.from('\x03www\x09fast-flux\x07example\x00', 'latin1'),
    Buffer.from([0, 1, 0, 1]),
  ])
  const owner = [0xc0, 12]
  const zone = [0xc0, 16]
  const records = [
    [...owner, 0, 5, 0, 1, 0, 0, 0, 60, 0, 6, 3, 0x63, 0x64, 0x6e, ...zone],
    [0xc0, 51, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4, 192, 0, 2, 1],
    [...zone, 0, 2, 0, 1, 0, 0, 0, 60, 0, 6, 3, 0x6e, 0x73, 0x31, ...zone],
    [...zone, 0, 6, 0, 1, 0, 0, 0, 60, 0, 24, ...owner, ...zone, ...Array.from({ length: 20 }, () => 1)],
    [0, 0, 41, 4, 208, 0, 0, 0, 0, 0, 0],
  ]
  const header = Buffer.from([0x12, 0x34, 0x81, 0x80, 0, 1, 0, 2, 0, 2, 0, 1])
  return Buffer.concat([header, question, ...records.map((octets) => Buffer.from(octets))])
}

/** Records whose owner is a chain of pointers, each to the one before: work without octets, if nothing bounds it. */
function pointerLadder(): Buffer {
  const rungs = 900
  const climbers = 80
  const ladder = Buffer.alloc(2 * rungs)
  // Twelve octets of header, owner `a`, ten of type, class, TTL and length: here the data of the first record begin.
  const ladderAt = 25
  for (let rung = 0; rung < rungs; rung++)
    ladder.writeUInt16BE(0xc000 | (rung === 0 ? 12 : ladderAt + 2 * (rung - 1)), 2 * rung)
  const holder = [1, 0x61, 0, 0xff, 0, 0, 1, 0, 0, 0, 60, ladder.length >> 8, ladder.length & 255]
  const top = ladderAt + 2 * (rungs - 1)
  const climber = Buffer.from([0xc0 | (top >> 8), top & 255, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4, 192, 0, 2, 1])
  const header = Buffer.from([0x12, 0x34, 0x81, 0x80, 0, 0, 0, 1 + climbers, 0, 0, 0, 0])
  return Buffer.concat([
    header,
    Buffer.from(holder),
    ladder,
    ...Array.from({ length: climbers }, () => climber),
  ])
}
