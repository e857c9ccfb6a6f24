// The whole path of a probe: Prober.probe, rate limit and health of the vantage, stub, engine; one question a probe. Without
// jitter, which would hold the questions back and so let the wake-ups of a nearly idle process dominate.
import { Prober } from '../../src/dns/prober.ts'
import { openVantages } from '../../src/dns/open-vantages.ts'
import { systemClock } from '../../src/clock.ts'
import type { OpenAsker } from './asker.ts'
import { openPorts, type Engine } from './engines.ts'

/** Above what any engine reaches here: the limiter runs, and holds nobody up. */
const QPS = 1_000_000

export function ownProber(engine: Engine): OpenAsker {
  return async ({ address, port, inFlight }) => {
    const ports = await openPorts(engine)
    const vantages = openVantages(
      [
        {
          id: 'bench',
          protocol: 'udp',
          server: `${address}:${port}`,
          qps: QPS,
          jitterMs: 0,
          maxInFlight: Math.max(1000, inFlight),
        },
      ],
      { ports },
    )
    const prober = new Prober({ vantages, clock: systemClock })
    return {
      ask(question, done) {
        void prober
          .probe([question])
          .then(([seen]) => done(seen?.outcome === 'answer' ? (seen.answer[0]?.data ?? null) : null))
      },
      retried: () => vantages[0]?.status().retried ?? null,
      async close() {
        for (const vantage of vantages) await vantage.close()
        await ports.close()
      },
    }
  }
}
