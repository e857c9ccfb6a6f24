// A stub resolver and the loopback server that it asks, opened for one test and closed after it.
import { afterEach } from 'vitest'
import { StubResolver, type StubOptions } from '../../src/dns/stub-resolver.ts'
import { LoopbackServer, addressRecord, responseTo, type Behaviour } from './loopback-server.ts'

export const WWW = { name: 'www.example', type: 'A' } as const

/** Long enough that a test which runs into it fails by its own time limit. */
const LONG = [60_000]

const open: { close(): Promise<void> }[] = []
afterEach(async () => {
  for (const one of open.splice(0)) await one.close()
})

export async function serve(behaviour: Behaviour, ip?: string): Promise<LoopbackServer> {
  const server = await LoopbackServer.start(behaviour, ip)
  open.push(server)
  return server
}

/** Asks over UDP, in one attempt, unless the options say otherwise. */
export function stub(
  server: LoopbackServer,
  { protocol = 'udp', ...options }: StubOptions & { readonly protocol?: 'udp' | 'tcp' } = {},
): StubResolver {
  const resolver = new StubResolver({ server: server.server, protocol, timeoutsMs: LONG, ...options })
  open.unshift(resolver)
  return resolver
}

/** A response with one change to its bytes. */
export function changed(change: (bytes: Buffer) => void): Behaviour {
  return (asked) => {
    const bytes = responseTo(asked, { answers: [addressRecord('203.0.113.66')] })
    change(bytes)
    asked.send(bytes)
  }
}
