// node:dns as it comes: one Resolver of c-ares, its callbacks.
import { Resolver } from 'node:dns'
import type { OpenAsker } from './asker.ts'

/** Shorter than its default of 5 s and four tries, so that a lost packet does not stretch the run; it costs no CPU. */
const RETRIES = { timeout: 1000, tries: 3 }

export const openCAres: OpenAsker = async ({ address, port }) => {
  const resolver = new Resolver(RETRIES)
  resolver.setServers([`${address}:${port}`])
  return {
    ask({ name, type }, done) {
      const first = (error: Error | null, data: string[]): void => done(error ? null : (data[0] ?? null))
      if (type === 'A') resolver.resolve4(name, first)
      else if (type === 'AAAA') resolver.resolve6(name, first)
      else resolver.resolveNs(name, first)
    },
    retried: () => null,
    close: async () => resolver.cancel(),
  }
}
