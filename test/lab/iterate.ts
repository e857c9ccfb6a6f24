// A plain iterative resolver without a cache: from the root down, as the lab's authorities have to bear it.
import type { DecodedPacket } from 'dns-packet'
import { askUdp, dataOf } from './ask-dns.ts'

export interface IteratingOptions {
  readonly roots: readonly string[]
  readonly port: number
  /** Where an address of the world is really bound. */
  readonly bindTo: (address: string) => string
  /** Told every referral: the zone that was delegated and the addresses of its glue. */
  readonly onReferral?: (zone: string, glue: readonly string[]) => void
}

/** Follows referrals to the final answer. Throws when it goes round in circles or ends at servers that refuse. */
export async function iterate(name: string, type: string, options: IteratingOptions): Promise<DecodedPacket> {
  let servers: readonly string[] = options.roots
  for (let step = 0; step < 12; step++) {
    const reply = await askUdp({
      address: options.bindTo(servers[0]!),
      port: options.port,
      name,
      type,
      udpPayloadSize: 4096,
    })
    if (reply.flag_aa || (reply as { rcode?: string }).rcode !== 'NOERROR') return reply
    const glue = dataOf(reply.additionals, 'A')
    options.onReferral?.(reply.authorities?.[0]?.name ?? '', glue)
    servers = glue
    if (glue.length === 0) {
      const [serverName] = dataOf(reply.authorities, 'NS')
      servers = dataOf((await iterate(serverName!, 'A', options)).answers, 'A')
    }
  }
  throw new Error(`no answer to ${name} ${type} after 12 steps`)
}
