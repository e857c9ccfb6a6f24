// Writes small MMDB files (MaxMind DB format 2.0): the search tree, the data section and the metadata. For the lab's
// address plan and for tests; everything is built in memory. IPv4 lies at ::/96 of an IPv6 tree; the aliases of IPv4
// (::ffff:0:0/96, 2002::/16) are not written.
import ipaddr from 'ipaddr.js'
import { encodeMmdbValue, uint16, uint32, uint64 } from './mmdb-values.ts'
import type { MmdbValue } from './mmdb-values.ts'

export interface MmdbEntry {
  /** CIDR, IPv4 or IPv6. A longer prefix wins over a shorter one around it, in whatever order they come. */
  readonly prefix: string
  readonly value: MmdbValue
}

export interface MmdbOptions {
  /** Goes into the metadata, e.g. `Lab-ASN`. */
  readonly databaseType: string
  /** Seconds since the epoch. */
  readonly buildEpochSeconds: number
  readonly description?: string
  /** Bits of one record of the tree. Default: the smallest that is wide enough. */
  readonly recordSize?: 24 | 28 | 32
}

/** A node has two children: another node, a value's number, or nothing. */
type Child = Node | number | null
interface Node {
  children: [Child, Child]
}

/** Between the search tree and the data section. */
const SEPARATOR_BYTES = 16
const METADATA_MARKER = Buffer.from('\xab\xcd\xefMaxMind.com', 'latin1')

/** The whole file. Throws RangeError when the record size is too small for the tree, and on a prefix that is none. */
export function writeMmdb(entries: readonly MmdbEntry[], options: MmdbOptions): Buffer {
  const values = collectValues(entries)
  const root: Node = { children: [null, null] }
  const byLength = entries.map((entry) => ({ entry, path: treePath(entry.prefix) }))
  byLength.sort((a, b) => a.path.length - b.path.length)
  for (const { entry, path } of byLength) insert(root, path, values.numberOf(entry.value))

  const nodes = numberNodes(root)
  const highest = nodes.length + SEPARATOR_BYTES + values.section.length
  const recordSize = options.recordSize ?? (highest < 2 ** 24 ? 24 : highest < 2 ** 28 ? 28 : 32)
  if (highest >= 2 ** recordSize)
    throw new RangeError(`Records of ${recordSize} bits are too small for this tree`)

  const numbers = new Map(nodes.map((node, index) => [node, index]))
  const pointer = (child: Child): number => {
    if (child === null) return nodes.length
    if (typeof child === 'number') return nodes.length + SEPARATOR_BYTES + values.offsets[child]!
    return numbers.get(child)!
  }
  return Buffer.concat([
    ...nodes.map((node) => encodeNode(pointer(node.children[0]), pointer(node.children[1]), recordSize)),
    Buffer.alloc(SEPARATOR_BYTES),
    values.section,
    METADATA_MARKER,
    encodeMmdbValue({
      node_count: uint32(nodes.length),
      record_size: uint16(recordSize),
      ip_version: uint16(6),
      database_type: options.databaseType,
      languages: ['en'],
      binary_format_major_version: uint16(2),
      binary_format_minor_version: uint16(0),
      build_epoch: uint64(options.buildEpochSeconds),
      description: { en: options.description ?? options.databaseType },
    }),
  ])
}

/** Equal values are written once. */
function collectValues(entries: readonly MmdbEntry[]) {
  const known = new Map<string, number>()
  const offsets: number[] = []
  const parts: Buffer[] = []
  let length = 0
  for (const { value } of entries) {
    const bytes = encodeMmdbValue(value)
    const key = bytes.toString('latin1')
    if (known.has(key)) continue
    known.set(key, offsets.length)
    offsets.push(length)
    parts.push(bytes)
    length += bytes.length
  }
  return {
    section: Buffer.concat(parts),
    offsets,
    numberOf: (value: MmdbValue): number => known.get(encodeMmdbValue(value).toString('latin1'))!,
  }
}

/** The bits of the prefix in an IPv6 tree. */
function treePath(prefix: string): number[] {
  const [address, length] = ipaddr.parseCIDR(prefix)
  const bits = address
    .toByteArray()
    .flatMap((byte) => Array.from({ length: 8 }, (_, bit) => (byte >> (7 - bit)) & 1))
  return address.kind() === 'ipv4'
    ? [...Array<number>(96).fill(0), ...bits.slice(0, length)]
    : bits.slice(0, length)
}

function insert(root: Node, path: readonly number[], value: number): void {
  if (path.length === 0) throw new RangeError('Expected a prefix longer than ::/0')
  let node = root
  for (const bit of path.slice(0, -1)) {
    const child = node.children[bit]!
    // Shorter prefixes come first: a value on the way is split, so that it stays true for the rest of its range.
    const next: Node = typeof child === 'object' && child !== null ? child : { children: [child, child] }
    node.children[bit] = next
    node = next
  }
  node.children[path.at(-1)!] = value
}

/** Breadth first: the root is number 0, as the format wants it. */
function numberNodes(root: Node): Node[] {
  const nodes = [root]
  for (let index = 0; index < nodes.length; index++) {
    for (const child of nodes[index]!.children) {
      if (typeof child === 'object' && child !== null) nodes.push(child)
    }
  }
  return nodes
}

function encodeNode(left: number, right: number, recordSize: 24 | 28 | 32): Buffer {
  const bytes = Buffer.alloc(recordSize / 4)
  if (recordSize === 32) {
    bytes.writeUInt32BE(left, 0)
    bytes.writeUInt32BE(right, 4)
    return bytes
  }
  bytes.writeUIntBE(left & 0xff_ffff, 0, 3)
  bytes.writeUIntBE(right & 0xff_ffff, recordSize / 4 - 3, 3)
  // 28 bits: the middle byte holds the high four bits of both, the left ones first.
  if (recordSize === 28) bytes[3] = ((left >>> 24) << 4) | (right >>> 24)
  return bytes
}
