// Serves the root, the TLDs and every zone as real authorities on the world's own addresses, so that a real resolver can
// resolve iteratively. Meant for a network namespace in which every IPv4 address is local:
//   ip link set lo up; ip route add local 0.0.0.0/0 dev lo
// What is answered is authoritative.ts; who serves is serving-addresses.ts.
import type { Clock } from '../core/clock.ts'
import type { ResourceRecord } from '../core/dns/record.ts'
import { answerAsAuthority } from './authoritative.ts'
import type { LabMessage } from './dns-message.ts'
import { openDnsServer } from './dns-server.ts'
import type { DnsServer } from './dns-server.ts'
import { regionOfAsker } from './regions.ts'
import { trackServingAddresses } from './serving-addresses.ts'
import type { World } from './world.ts'

export interface AuthoritiesOptions {
  readonly world: World
  readonly clock: Clock
  /** Default 53. */
  readonly port?: number
  /** Where an address of the world is bound; default: at itself. For use without a namespace, e.g. somewhere in 127/8. */
  readonly bindTo?: (address: string) => string
  /**
   * Every TTL divided by this, at least 1 s unless it is 0. For a clock that runs as many times as fast as the machine's:
   * real resolvers count TTLs in real time. Default 1.
   */
  readonly ttlDivisor?: number
  /** Default 10: former addresses of a fluxing name server that go on serving; see serving-addresses.ts. */
  readonly rotationsKept?: number
  /** Default 2: coming ones that serve already. */
  readonly rotationsAhead?: number
  /** Told when a new address cannot be bound while time goes on; it is tried again at the next rotation. */
  readonly onError: (error: Error) => void
}

export interface Authorities {
  /** Names and addresses of the root servers: the hints of a resolver. */
  readonly rootServers: readonly { readonly name: string; readonly address: string }[]
  /** The world's addresses that are served at the moment. */
  addresses(): readonly string[]
  /** Binds and releases addresses for the clock's present time. Happens by itself at each rotation. */
  refresh(): Promise<void>
  close(): Promise<void>
}

/** All servers listen when this resolves. Rejects with the socket's error, and leaves nothing open, when one cannot. */
export async function openAuthorities(options: AuthoritiesOptions): Promise<Authorities> {
  const { world, clock } = options
  const bindTo = options.bindTo ?? ((address) => address)
  const tracker = trackServingAddresses(world, clock.now(), {
    rotationsKept: options.rotationsKept ?? 10,
    rotationsAhead: options.rotationsAhead ?? 2,
  })
  /** By the address that is bound; two of the world's may share one when `bindTo` says so. */
  const open = new Map<string, DnsServer>()
  let apexesByLocal = new Map<string, Set<string>>()
  let worldAddresses: readonly string[] = []

  const bind = async (local: string): Promise<void> => {
    const server = await openDnsServer({
      address: local,
      port: options.port ?? 53,
      handler: (query, ends) => {
        const moment = { at: clock.now(), region: regionOfAsker(ends.asker) }
        const answer = answerAsAuthority(world, apexesByLocal.get(local) ?? new Set(), query, moment)
        return answer && withDividedTtls(answer, options.ttlDivisor ?? 1)
      },
    })
    open.set(local, server)
  }
  const refresh = async (onError: (error: Error) => void): Promise<void> => {
    const serving = tracker.at(clock.now())
    worldAddresses = [...serving.keys()]
    apexesByLocal = new Map()
    for (const [address, apexes] of serving) {
      const local = bindTo(address)
      apexesByLocal.set(local, new Set([...(apexesByLocal.get(local) ?? []), ...apexes]))
    }
    const wanted = [...apexesByLocal.keys()].filter((local) => !open.has(local))
    const unwanted = [...open.keys()].filter((local) => !apexesByLocal.has(local))
    await Promise.all([
      ...wanted.map((local) => bind(local).catch((error: unknown) => onError(error as Error))),
      ...unwanted.map(async (local) => {
        const server = open.get(local)!
        open.delete(local)
        await server.close()
      }),
    ])
  }
  const closeAll = async (): Promise<void> => {
    const servers = [...open.values()]
    open.clear()
    await Promise.all(servers.map((server) => server.close()))
  }

  const refusals: Error[] = []
  await refresh((error) => refusals.push(error))
  if (refusals[0]) {
    await closeAll()
    throw refusals[0]
  }

  const stop = new AbortController()
  // One refresh at a time: two would bind the same address twice.
  let working: Promise<void> = Promise.resolve()
  const refreshNext = (): Promise<void> => {
    working = working.then(() => (stop.signal.aborted ? undefined : refresh(options.onError)))
    return working
  }
  const following = followRotations()

  async function followRotations(): Promise<void> {
    while (!stop.signal.aborted) {
      const next = tracker.changesAfter(clock.now())
      if (next === null) return
      await clock.sleep(next - clock.now() + 1, stop.signal)
      await refreshNext()
    }
  }

  const root = world.delegations(clock.now()).find((delegation) => delegation.parent === null)!
  return {
    rootServers: root.nameServers.flatMap(({ name, addresses }) =>
      addresses.map((address) => ({ name, address })),
    ),
    addresses: () => worldAddresses,
    refresh: refreshNext,
    async close() {
      stop.abort()
      await Promise.all([following, working])
      await closeAll()
    },
  }
}

function withDividedTtls(message: LabMessage, divisor: number): LabMessage {
  if (divisor === 1) return message
  const divided = (records: readonly ResourceRecord[]): ResourceRecord[] =>
    records.map((record) => ({ ...record, ttlSeconds: Math.ceil(record.ttlSeconds / divisor) }))
  return {
    ...message,
    answer: divided(message.answer),
    authority: divided(message.authority),
    additional: divided(message.additional),
  }
}
