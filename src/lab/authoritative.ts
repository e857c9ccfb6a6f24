// What the servers of a zone say, when they are asked as authorities: answers with AA for what is theirs, referrals with
// glue for what they delegated, REFUSED for the rest. Pure; sockets are authorities.ts.
import type { Question, QuestionType, ResourceRecord } from '../core/dns/record.ts'
import type { LabMessage } from './dns-message.ts'
import type { NameSpace } from './name-space.ts'
import { DELEGATION_TTL_SECONDS } from './registry.ts'
import { negativeSoa, serversInUse } from './zones/zone-frame.ts'
import type { AuthorityZone, LabNameServer, Moment } from './zones/zone.ts'

/**
 * The answer of a server that is authoritative for the zones with these apexes; null for silence.
 *
 * Follows no CNAME: a resolver does not trust what a server says of another zone, so it asks again anyway.
 */
export function answerAsAuthority(
  space: Pick<NameSpace, 'zoneOf'>,
  apexes: ReadonlySet<string>,
  question: { readonly name: string; readonly type: string },
  moment: Moment,
): LabMessage | null {
  const enclosing = enclosingZones(space, question.name)
  const own = enclosing.findIndex((zone) => apexes.has(zone.apex))
  const zone = enclosing[own]
  if (!zone) return message('REFUSED', false)
  const cut = enclosing[own - 1]
  if (cut) return referral(zone, cut, moment)

  const asked: Question = { name: question.name, type: question.type as QuestionType }
  const said = zone.answer(asked, moment)
  if (said.rcode === 'TIMEOUT') return null
  if (said.rcode === 'SERVFAIL') return message('SERVFAIL', false)
  if (said.answer.length === 0)
    return message(said.rcode, true, { authority: [negativeSoa(zone, moment.at)] })
  if (question.type === 'NS') {
    return message('NOERROR', true, { answer: said.answer, additional: ownAddresses(zone, moment) })
  }
  return message('NOERROR', true, {
    answer: said.answer,
    authority: zone.answer({ name: zone.apex, type: 'NS' }, moment).answer,
    additional: ownAddresses(zone, moment).filter((record) => record.name !== question.name),
  })
}

/** From the deepest zone at or above the name up to the root. */
function enclosingZones(space: Pick<NameSpace, 'zoneOf'>, name: string): AuthorityZone[] {
  const zones = [space.zoneOf(name)]
  while (zones.at(-1)!.apex !== '') zones.push(space.zoneOf(parentOf(zones.at(-1)!.apex)))
  return zones
}

/** RFC 1034, section 4.3.2, step 3b. Glue is given for every server whose name lies below the delegating zone. */
function referral(parent: AuthorityZone, child: AuthorityZone, { at }: Moment): LabMessage {
  const ttlSeconds = DELEGATION_TTL_SECONDS
  const listed = serversInUse(child, at)
  const glued = listed.filter((server) => isWithin(server.name, parent.apex))
  return message('NOERROR', false, {
    authority: listed.map((server) => ({
      name: child.apex,
      type: 'NS',
      ttlSeconds,
      data: server.name,
    })),
    additional: glued.flatMap((server) => addressRecords(server, ttlSeconds, at)),
  })
}

function addressRecords(server: LabNameServer, ttlSeconds: number, at: number): ResourceRecord[] {
  return server.addressesAt(at).map((data) => ({ name: server.name, type: 'A', ttlSeconds, data }))
}

/** The addresses of the zone's servers that the zone itself can tell, with the TTL that the zone gives them. */
function ownAddresses(zone: AuthorityZone, moment: Moment): ResourceRecord[] {
  return zone.nameServers
    .filter((server) => isWithin(server.name, zone.apex))
    .flatMap((server) => zone.answer({ name: server.name, type: 'A' }, moment).answer)
}

function message(
  rcode: LabMessage['rcode'],
  authoritative: boolean,
  sections: Partial<Pick<LabMessage, 'answer' | 'authority' | 'additional'>> = {},
): LabMessage {
  return {
    rcode,
    authoritative,
    recursionAvailable: false,
    answer: [],
    authority: [],
    additional: [],
    ...sections,
  }
}

function isWithin(name: string, apex: string): boolean {
  return apex === '' || name === apex || name.endsWith(`.${apex}`)
}

function parentOf(name: string): string {
  const dot = name.indexOf('.')
  return dot < 0 ? '' : name.slice(dot + 1)
}
