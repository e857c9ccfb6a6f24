// Flagged names as bytes and back: as they are kept and as rounds tell them. Compact, because a botnet has a hundred thousand of
// them with 64 addresses each. Where the bytes lie is the store's business.
import type { FlaggedName, NetworkAgent } from '../model/network.ts'
import { octetsOf, readOctets, writeOctets } from '../series/packed-address.ts'
import { ByteReader } from '../series/byte-reader.ts'
import { ByteWriter } from '../series/byte-writer.ts'
import { SECOND_MS } from './graph-member.ts'
import type { KeptMember } from './network-news.ts'

/** What a round tells of a name: that it is flagged, or that it is not any more. */
export type FlaggedNews =
  | { readonly kind: 'flagged'; readonly name: FlaggedName }
  | { readonly kind: 'cleared'; readonly domain: string; readonly at: number }

/** The first byte: what follows, and in which form. */
const FORMS = { member: 1, flagged: 2, cleared: 3 } as const

/** Added to the kind of an address (0 to 2) whose number of strangers follows. */
const HAS_STRANGERS = 4

/**
 * Without the domain: whoever keeps the bytes has it. `unpackMember` gives an equal member back; of times the whole ms, of `last` the
 * whole second.
 */
export function packMember({ name, network, joinedAt }: KeptMember): Buffer {
  const to = new ByteWriter()
  to.byte(FORMS.member)
  to.text(network ?? '')
  if (network !== null) to.count(Math.round(joinedAt ?? name.at))
  writeName(to, name)
  return to.toBytes()
}

/** Throws on bytes that were not made here. */
export function unpackMember(domain: string, bytes: Uint8Array): KeptMember {
  const from = readerOf(bytes, FORMS.member)
  const network = from.text() || null
  const joinedAt = network === null ? null : from.count()
  return { name: readName(from, domain), network, joinedAt }
}

/** The network of a packed member, without reading its agents. */
export function networkOfPacked(bytes: Uint8Array): string | null {
  return readerOf(bytes, FORMS.member).text() || null
}

export function packNews(news: FlaggedNews): Buffer {
  const to = new ByteWriter()
  to.byte(FORMS[news.kind])
  if (news.kind === 'flagged') {
    to.text(news.name.domain)
    writeName(to, news.name)
  } else {
    to.text(news.domain)
    to.count(Math.round(news.at))
  }
  return to.toBytes()
}

export function unpackNews(bytes: Uint8Array): FlaggedNews {
  const isFlagged = bytes[0] === FORMS.flagged
  const from = readerOf(bytes, isFlagged ? FORMS.flagged : FORMS.cleared)
  const domain = from.text()
  return isFlagged
    ? { kind: 'flagged', name: readName(from, domain) }
    : { kind: 'cleared', domain, at: from.count() }
}

function writeName(to: ByteWriter, { standsAlone, at, agents }: FlaggedName): void {
  const judgedAt = Math.round(at)
  to.byte(standsAlone ? 1 : 0)
  to.count(judgedAt)
  to.count(agents.length)
  const judgedSecond = Math.floor(judgedAt / SECOND_MS)
  for (const { address, last, strangers } of agents) {
    const octets = octetsOf(address)
    // Nearly every agent has no strangers: the kind of address has room for that.
    to.byte(octets.kind + (strangers > 0 ? HAS_STRANGERS : 0))
    writeOctets(to, address, octets)
    // Nearly always before; a clock that was set back must not break it.
    to.signed(judgedSecond - Math.floor(last / SECOND_MS))
    if (strangers > 0) to.count(strangers)
  }
}

function readName(from: ByteReader, domain: string): FlaggedName {
  const standsAlone = from.byte() === 1
  const at = from.count()
  const judgedSecond = Math.floor(at / SECOND_MS)
  const agents: NetworkAgent[] = []
  for (let left = from.count(); left > 0; left -= 1) {
    const head = from.byte()
    const address = readOctets(from, head % HAS_STRANGERS)
    const last = (judgedSecond - from.signed()) * SECOND_MS
    agents.push({ address, last, strangers: head >= HAS_STRANGERS ? from.count() : 0 })
  }
  return { domain, agents, standsAlone, at }
}

function readerOf(bytes: Uint8Array, form: number): ByteReader {
  if (bytes[0] !== form) throw new Error(`Expected a flagged name of form ${form}, got ${bytes[0]}`)
  return new ByteReader(bytes, 1)
}
