// A recursive resolver with a cache, as an ISP or a public DNS service runs it: what it once learned it repeats with a
// falling TTL until that is over. What there is to learn, the world knows; sockets are lab-resolvers.ts.
import type { Clock } from '../core/clock.ts'
import type { Question, ResourceRecord } from '../core/dns/record.ts'
import type { LabReply, NameSpace } from './name-space.ts'
import type { LabRegion } from './regions.ts'
import { createRrsetCache } from './rrset-cache.ts'
import type { LabRcode } from './zones/zone.ts'

export interface CachingResolver {
  resolve(question: Question): LabReply
}

export interface CachingResolverOptions {
  readonly world: Pick<NameSpace, 'resolve' | 'resolveMinimally' | 'zoneOf'>
  readonly clock: Pick<Clock, 'now'>
  readonly region: LabRegion
  /** Leave authority and additional empty on positive answers, as unbound and the large public services do. */
  readonly minimalResponses?: boolean
}

interface Absence {
  readonly rcode: LabRcode
  readonly soa: readonly ResourceRecord[]
  readonly expiresAt: number
}

const MAX_ALIASES = 8

export function createCachingResolver(options: CachingResolverOptions): CachingResolver {
  const { world, clock, region } = options
  /** What answers are made of; only what was asked for itself gets in here. */
  const answers = createRrsetCache()
  /** NS sets and addresses that came along: never an answer (RFC 2181, section 5.4.1), but shown beside one. */
  const hints = createRrsetCache()
  const absences = new Map<string, Absence>()
  let hits = 0

  return { resolve }

  function resolve(question: Question): LabReply {
    const now = clock.now()
    const chain: ResourceRecord[] = []
    let name = question.name
    for (let aliases = 0; aliases <= MAX_ALIASES; aliases++) {
      const absence = findAbsence(name, question.type, now)
      if (absence) return { rcode: absence.rcode, answer: chain, authority: absence.soa, additional: [] }
      const set = answers.find(name, question.type, now)
      if (set) return withNameServers([...chain, ...rotated(set)], name, question, now)
      const alias = answers.find(name, 'CNAME', now)
      if (!alias) return learn({ name, type: question.type }, chain, now)
      chain.push(...alias)
      name = alias[0]!.data
    }
    return { rcode: 'SERVFAIL', answer: [], authority: [], additional: [] }
  }

  function learn(question: Question, chain: readonly ResourceRecord[], now: number): LabReply {
    const moment = { at: now, region }
    const reply = options.minimalResponses
      ? world.resolveMinimally(question, moment)
      : world.resolve(question, moment)
    if (reply.rcode === 'SERVFAIL' || reply.rcode === 'TIMEOUT') return { ...reply, answer: [] }
    const last = reply.answer.findLast((record) => record.type === 'CNAME' && question.type !== 'CNAME')
    const end = last?.data ?? question.name
    answers.keep(reply.answer, now)
    const answer = [...chain, ...reply.answer]
    const negative = !reply.answer.some((record) => record.name === end && record.type === question.type)
    if (negative) {
      keepAbsence(end, question.type, reply, now)
      return { ...reply, answer }
    }
    if (!options.minimalResponses) hints.keep([...reply.authority, ...reply.additional], now)
    return withNameServers(answer, end, question, now)
  }

  /** RFC 2308: NXDOMAIN holds for every type of the name, NODATA for the one; both for the TTL of the SOA. */
  function keepAbsence(name: string, type: string, reply: LabReply, now: number): void {
    const soa = reply.authority.find((record) => record.type === 'SOA')
    if (!soa) return
    absences.set(absenceKey(name, reply.rcode === 'NXDOMAIN' ? '*' : type), {
      rcode: reply.rcode,
      soa: [soa],
      expiresAt: now + soa.ttlSeconds * 1000,
    })
  }

  function findAbsence(name: string, type: string, now: number): Absence | null {
    const known = ['*', type].map((key) => absences.get(absenceKey(name, key)))
    const absence = known.find((entry) => entry !== undefined && entry.expiresAt > now)
    if (!absence) return null
    const ttlSeconds = Math.ceil((absence.expiresAt - now) / 1000)
    return { ...absence, soa: absence.soa.map((record) => ({ ...record, ttlSeconds })) }
  }

  /** The zone's name servers as far as they are remembered; what was asked for itself counts more than what came along. */
  function withNameServers(
    answer: readonly ResourceRecord[],
    owner: string,
    question: Question,
    now: number,
  ): LabReply {
    if (options.minimalResponses) return { rcode: 'NOERROR', answer, authority: [], additional: [] }
    const remembered = (name: string, type: string): readonly ResourceRecord[] =>
      answers.find(name, type, now) ?? hints.find(name, type, now) ?? []
    const nameServers = remembered(world.zoneOf(owner).apex, 'NS')
    return {
      rcode: 'NOERROR',
      answer,
      authority: question.type === 'NS' ? [] : nameServers,
      additional: nameServers.flatMap((record) => remembered(record.data, 'A')),
    }
  }

  /** Resolvers hand a cached set out in a different order each time. */
  function rotated(set: readonly ResourceRecord[]): readonly ResourceRecord[] {
    const by = hits++ % set.length
    return [...set.slice(by), ...set.slice(0, by)]
  }
}

function absenceKey(name: string, type: string): string {
  return `${type} ${name}`
}
