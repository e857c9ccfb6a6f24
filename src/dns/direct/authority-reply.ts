// The replies that a look hands on: who gave them, from which side of the zone cut, and how far they may be believed.
import type { Reply } from '../../core/dns/reply.ts'
import type { ResourceRecord } from '../../core/dns/record.ts'
import { addressOf, type Delegation } from '../../core/dns/delegation.ts'
import { isWithin } from '../../core/dns/name-tree.ts'
import type { Asked } from './look.ts'

/**
 * What a server of the zone above says of `apex`: its referral as an `answer` (the NS records are in `authority`, as the
 * packet had them), or that there is no such zone. Null for the NS records of its own `apex`: then it serves both sides,
 * and childReply has it. Glue that may not be believed is left out of `additional`.
 */
export function parentReply({ server, reply, reading }: Asked, apex: string): Reply | null {
  if (reading.kind === 'referral')
    return {
      ...reply,
      outcome: 'answer',
      authority: reply.authority.filter((record) => record.type === 'NS' && record.name === apex),
      additional: believedGlue(reading.delegation, reply.additional),
      server,
      side: 'parent',
    }
  const isOwn = reply.answer.some((record) => record.type === 'NS' && record.name === apex)
  return isOwn ? null : { ...reply, server, side: 'parent' }
}

/**
 * An authority's own reply; null for a referral, which is no reply of the zone. Addresses in `additional` are left out
 * that are not the zone's to give.
 */
export function childReply({ server, zone, reply, reading }: Asked): Reply | null {
  if (reading.kind === 'referral') return null
  const additional = reply.additional.filter(({ name }) => isWithin(name, zone))
  const own = { ...reply, additional, server, side: 'child' } as const
  // What a server says of a zone that it does not serve is hearsay: it is not handed on as an answer.
  return reading.kind === 'lame' ? { ...own, outcome: 'failed', failure: 'lame', answer: [] } : own
}

function believedGlue(delegation: Delegation, additional: readonly ResourceRecord[]): ResourceRecord[] {
  const believed = new Map(
    delegation.nameServers.map(({ name, glue }) => [name, new Set(glue.map(({ address }) => address))]),
  )
  return additional.filter((record) => {
    const address = addressOf(record)
    return address !== null && believed.get(record.name)?.has(address) === true
  })
}
