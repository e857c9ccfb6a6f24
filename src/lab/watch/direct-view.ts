// The `direct` vantage in virtual time: every authority of the zone is asked itself, and for NS two servers of the parent
// first. Makes the observations that dns/direct makes; its walk, its rates and its packet limits are left out.
import { isWithin, parentName } from '../../core/dns/name-tree.ts'
import type { Question, ResourceRecord } from '../../core/dns/record.ts'
import type { Observation } from '../../core/model/observation.ts'
import { answerAsAuthority } from '../authoritative.ts'
import type { LabMessage } from '../dns-message.ts'
import type { NameSpace } from '../name-space.ts'
import type { AuthorityZone } from '../zones/zone.ts'
import type { DirectVantage, Mishap, VantageView } from './watch-vantage.ts'

/** The bounds of dns/direct: servers of the parent, name servers of a zone, and addresses of each. */
const PARENT_SERVERS = 2
const NAME_SERVERS = 13
const ADDRESSES_PER_NAME_SERVER = 2
/** Authorities are asked one after the other, so far apart in milliseconds: each may have drawn another answer by then. */
const STEP_MS = 3

export interface DirectViewParts {
  readonly space: NameSpace
  readonly mishap: Mishap
  readonly replyDelayMs: () => number
}

interface Authority {
  readonly name: string
  readonly address: string
}

export function directView({ id }: DirectVantage, parts: DirectViewParts): VantageView {
  const { space, mishap, replyDelayMs } = parts
  return {
    id,
    isDirect: true,
    look(question, at) {
      const { name, type } = question
      if (type !== 'NS' && type !== 'SOA') return childSide(space.zoneOf(name), question, at)
      const parent = space.zoneOf(parentName(name))
      const parents = authoritiesOf(parent, at, PARENT_SERVERS).map((server, index) =>
        ask(parent, server, 'parent', question, at + index * STEP_MS),
      )
      const zone = space.zoneOf(name)
      if (zone.apex !== name) return parents
      const children = childSide(zone, question, at)
      return type === 'NS' ? [...parents, ...children] : children
    },
  }

  function childSide(zone: AuthorityZone, question: Question, at: number): readonly Observation[] {
    return authoritiesOf(zone, at, NAME_SERVERS).map((server, index) =>
      ask(zone, server, 'child', question, at + index * STEP_MS),
    )
  }

  function ask(
    zone: AuthorityZone,
    server: Authority,
    side: 'parent' | 'child',
    question: Question,
    at: number,
  ): Observation {
    const delayMs = replyDelayMs()
    const failure = mishap(id, question, at, server.address)
    const said =
      failure === null
        ? answerAsAuthority(space, new Set([zone.apex]), question, { at, region: 'eu' })
        : SPOILT[failure]
    const common = {
      at: at + delayMs,
      vantage: id,
      qname: question.name,
      qtype: question.type,
      rttMs: delayMs,
    }
    if (said === null) {
      return { ...common, ...NOTHING, outcome: 'failed', failure: 'timeout', rcode: 'TIMEOUT', server, side }
    }
    if (said.rcode !== 'NOERROR' && said.rcode !== 'NXDOMAIN') {
      // What does not serve the zone it is listed for is lame, whatever its rcode.
      return { ...common, ...NOTHING, outcome: 'failed', failure: 'lame', rcode: said.rcode, server, side }
    }
    return {
      ...common,
      outcome: outcomeOf(said, question, side),
      rcode: said.rcode,
      answer: said.answer,
      authority: said.authority,
      additional: said.additional.filter((record) => isWithin(record.name, zone.apex)),
      authoritative: said.authoritative,
      server,
      side,
    }
  }
}

const NOTHING: Readonly<Record<'answer' | 'authority' | 'additional', readonly ResourceRecord[]>> = {
  answer: [],
  authority: [],
  additional: [],
}

const SPOILT: Readonly<Record<'timeout' | 'servfail', LabMessage | null>> = {
  timeout: null,
  servfail: { rcode: 'SERVFAIL', authoritative: false, recursionAvailable: false, ...NOTHING },
}

/** A parent's referral is its answer to the question for the name servers. */
function outcomeOf(said: LabMessage, { type }: Question, side: 'parent' | 'child'): Observation['outcome'] {
  if (said.rcode === 'NXDOMAIN') return 'nxdomain'
  const records = side === 'parent' ? [...said.answer, ...said.authority] : said.answer
  return records.some((record) => record.type === type) ? 'answer' : 'nodata'
}

function authoritiesOf(zone: AuthorityZone, at: number, limit: number): readonly Authority[] {
  return zone.nameServers.slice(0, limit).flatMap((server) =>
    server
      .addressesAt(at)
      .slice(0, ADDRESSES_PER_NAME_SERVER)
      .map((address) => ({ name: server.name, address })),
  )
}
