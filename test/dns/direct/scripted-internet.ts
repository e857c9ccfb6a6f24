// A small Internet as data: zones, who serves them, and how badly. Says what each address answers; sockets are laid on
// top of it by the namespace lab (test/e2e), plain calls by the tests here.
import { isBelow, isWithin, parentName } from '../../../src/core/dns/name-tree.ts'
import type { ResourceRecord } from '../../../src/core/dns/record.ts'
import type { LabMessage } from '../../../src/lab/dns-message.ts'

/** A record as `owner ttl type data`; names without the trailing dot, the root is a dot. */
export type Line = string

/** What the zone above says of a cut: its NS lines and whatever comes along in the additional section. */
export interface Cut {
  readonly at: string
  readonly ns: readonly Line[]
  readonly glue?: readonly Line[]
}

export interface ScriptedZone {
  readonly apex: string
  /** Addresses that answer for it. */
  readonly at: readonly string[]
  readonly lines?: readonly Line[]
  readonly cuts?: readonly Cut[]
}

/** How an address misbehaves, whatever it is asked. */
export type Quirk =
  | 'refuses'
  | 'servfails'
  | 'silent'
  /** Nobody listens: packets come back (ICMP). Only for plain calls; a socket cannot be told to do so. */
  | 'unreachable'
  | 'silent-to-ns'
  | 'refers-to-root'
  | 'refers-to-itself'
  | 'not-authoritative'
  | 'nxdomain-for-empty-names'
  | 'aa-in-referrals'

export interface Script {
  readonly zones: readonly ScriptedZone[]
  /** Cuts in zones of the base. */
  readonly delegated?: readonly (Cut & { readonly from: string })[]
  readonly quirks?: Readonly<Record<string, Quirk>>
}

export interface ScriptedQuery {
  readonly name: string
  readonly type: string
}

interface HeldZone {
  readonly apex: string
  readonly byOwner: Map<string, ResourceRecord[]>
  readonly cuts: Map<string, Cut>
}

export class ScriptedInternet {
  readonly #zones = new Map<HeldZone, readonly string[]>()
  readonly #byAddress = new Map<string, HeldZone[]>()
  readonly #quirks = new Map<string, Quirk>()
  /** Questions that an address was asked, in order: `address name type`. */
  readonly asked: string[] = []

  constructor(scripts: readonly Script[]) {
    for (const script of scripts) {
      for (const zone of script.zones) this.#add(zone)
      for (const [address, quirk] of Object.entries(script.quirks ?? {})) this.#quirks.set(address, quirk)
    }
    for (const { delegated } of scripts) for (const cut of delegated ?? []) this.changeCut(cut.from, cut)
  }

  get addresses(): string[] {
    return [...new Set([...this.#byAddress.keys(), ...this.#quirks.keys()])]
  }

  /** From now on every server of the zone `from` says this of the cut. */
  changeCut(from: string, cut: Cut): void {
    for (const zone of this.#zones.keys()) if (zone.apex === from) zone.cuts.set(cut.at, cut)
  }

  isRefused(address: string): boolean {
    return this.#quirks.get(address) === 'unreachable'
  }

  /** What the address says; null for silence, also where nobody is. */
  answer(address: string, query: ScriptedQuery): LabMessage | null {
    this.asked.push(`${address} ${query.name} ${query.type}`)
    const quirk = this.#quirks.get(address)
    if (quirk === 'silent' || (quirk === 'silent-to-ns' && query.type === 'NS')) return null
    if (quirk === 'refuses') return message({ rcode: 'REFUSED' })
    if (quirk === 'servfails') return message({ rcode: 'SERVFAIL' })
    if (quirk === 'refers-to-root') return message({ authority: ['. 518400 NS a.root-servers.net'] })
    const held = this.#byAddress.get(address)
    if (held === undefined) return null
    const zone = held
      .filter(({ apex }) => isWithin(query.name, apex))
      .toSorted((a, b) => b.apex.length - a.apex.length)[0]
    if (zone === undefined) return message({ rcode: 'REFUSED' })
    if (quirk === 'refers-to-itself') return message({ authority: [`${zone.apex} 3600 NS ns1.${zone.apex}`] })
    const said = this.#fromZone(zone, held, query, quirk)
    return quirk === 'not-authoritative' ? { ...said, authoritative: false, recursionAvailable: true } : said
  }

  #fromZone(
    zone: HeldZone,
    held: readonly HeldZone[],
    query: ScriptedQuery,
    quirk: Quirk | undefined,
  ): LabMessage {
    const cut = [...zone.cuts.values()].find(({ at }) => isWithin(query.name, at))
    if (cut)
      return message({
        authority: cut.ns,
        additional: cut.glue ?? [],
        authoritative: quirk === 'aa-in-referrals',
      })
    const answer: ResourceRecord[] = []
    const names = new Set<string>()
    let name = query.name
    // A loop of aliases ends where it closes.
    while (!names.has(name)) {
      names.add(name)
      const owned = this.#owned(zone, name)
      const wanted = owned.filter(({ type }) => type === query.type)
      const alias = owned.find(({ type }) => type === 'CNAME')
      answer.push(...(wanted.length > 0 ? wanted : alias ? [alias] : []))
      if (wanted.length > 0 || alias === undefined || !isWithin(alias.data, zone.apex)) break
      name = alias.data
    }
    if (answer.length > 0) {
      const targets = answer.filter(({ type }) => type === 'NS').map(({ data }) => data.toLowerCase())
      const additional = targets.flatMap((target) =>
        held.flatMap((one) =>
          (one.byOwner.get(target) ?? []).filter(({ type }) => type === 'A' || type === 'AAAA'),
        ),
      )
      return { ...message({ authoritative: true }), answer, additional }
    }
    const soa = soaLine(zone.apex)
    const isEmpty = [...zone.byOwner.keys()].some((owner) => isBelow(owner, name))
    const exists = zone.byOwner.has(name) || (isEmpty && quirk !== 'nxdomain-for-empty-names')
    return message({ rcode: exists ? 'NOERROR' : 'NXDOMAIN', authoritative: true, authority: [soa] })
  }

  /** Records of the name itself, else of a DNAME above (as its CNAME), else of the wildcard (RFC 4592). */
  #owned(zone: HeldZone, name: string): ResourceRecord[] {
    const own = zone.byOwner.get(name)
    if (own) return own
    for (
      let above = parentName(name);
      isWithin(above, zone.apex) && above !== '';
      above = parentName(above)
    ) {
      const redirect = zone.byOwner.get(above)?.find(({ type }) => type === 'DNAME')
      if (redirect) {
        const data = `${name.slice(0, name.length - above.length)}${redirect.data}`
        return [{ name, ttlSeconds: redirect.ttlSeconds, type: 'CNAME', data }]
      }
      const wild = zone.byOwner.get(`*.${above}`)
      if (wild) return wild.map((record) => ({ ...record, name }))
      if (zone.byOwner.has(above)) return []
    }
    return []
  }

  #add({ apex, at, lines = [], cuts = [] }: ScriptedZone): void {
    const byOwner = new Map<string, ResourceRecord[]>()
    for (const record of [soaLine(apex), ...lines].map(recordOf)) {
      const owner = record.name.toLowerCase()
      byOwner.set(owner, [...(byOwner.get(owner) ?? []), record])
    }
    const zone = { apex, byOwner, cuts: new Map(cuts.map((cut) => [cut.at, cut])) }
    this.#zones.set(zone, at)
    for (const address of at) this.#byAddress.set(address, [...(this.#byAddress.get(address) ?? []), zone])
  }
}

/** A line as a record; `.` is the root. */
export function recordOf(line: Line): ResourceRecord {
  const [owner = '', ttl = '', type = '', ...data] = line.split(' ')
  const rooted = (name: string): string => (name === '.' ? '' : name)
  return { name: rooted(owner), ttlSeconds: Number(ttl), type, data: rooted(data.join(' ')) }
}

function soaLine(apex: string): Line {
  const below = apex === '' ? '' : `.${apex}`
  return `${apex === '' ? '.' : apex} 900 SOA ns${below} hostmaster${below} 1 7200 900 1209600 300`
}

function message(said: {
  readonly rcode?: LabMessage['rcode']
  readonly authoritative?: boolean
  readonly authority?: readonly Line[]
  readonly additional?: readonly Line[]
}): LabMessage {
  return {
    rcode: said.rcode ?? 'NOERROR',
    authoritative: said.authoritative ?? false,
    recursionAvailable: false,
    answer: [],
    authority: (said.authority ?? []).map(recordOf),
    additional: (said.additional ?? []).map(recordOf),
  }
}

/** NS lines of one owner. */
export function ns(owner: string, ttlSeconds: number, ...names: readonly string[]): Line[] {
  return names.map((name) => `${owner === '' ? '.' : owner} ${ttlSeconds} NS ${name}`)
}

/** Address lines of one owner. */
export function host(owner: string, ttlSeconds: number, ...addresses: readonly string[]): Line[] {
  return addresses.map(
    (address) => `${owner} ${ttlSeconds} ${address.includes(':') ? 'AAAA' : 'A'} ${address}`,
  )
}
