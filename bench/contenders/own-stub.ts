// fluxwatch's own stub, everything on: through StubResolver.ask, over one transport and one engine.
import { StubResolver } from '../../src/dns/stub-resolver.ts'
import type { OpenAsker } from './asker.ts'
import { openPorts, type Engine } from './engines.ts'

export function ownStub(protocol: 'udp' | 'tcp', engine: Engine = 'plain'): OpenAsker {
  return async ({ address, port, inFlight }) => {
    const ports = await openPorts(engine)
    const resolver = new StubResolver({
      server: { address, port },
      protocol,
      maxInFlight: Math.max(1000, inFlight),
      ...(protocol === 'udp' && { ports }),
    })
    return {
      ask(question, done) {
        void resolver
          .ask(question)
          .then((reply) => done(reply.outcome === 'answer' ? (reply.answer[0]?.data ?? null) : null))
      },
      retried: () => resolver.counters.retried,
      async close() {
        await resolver.close()
        await ports.close()
      },
    }
  }
}
