// The whole path of a probe: Prober.probe, rate limit and health of the vantage, stub, engine. Without jitter, which would
// hold the questions back and so let the wake-ups of a nearly idle process dominate.
import { expectedAnswers, type BenchQuestion } from '../bench-zone.ts'
import type { Observation } from '../../src/core/model/observation.ts'
import { Prober } from '../../src/dns/prober.ts'
import { openVantages } from '../../src/dns/open-vantages.ts'
import type { Vantage } from '../../src/dns/vantage.ts'
import { systemClock } from '../../src/clock.ts'
import type { Asker, AskerOptions, OpenAsker } from './asker.ts'
import { openPorts, type Engine } from './engines.ts'

/** Above what any engine reaches here: the limiter runs, and holds nobody up. */
const QPS = 1_000_000

/** One vantage, and one question a probe. */
export function ownProber(engine: Engine): OpenAsker {
  return async (options) => {
    const { prober, ...rest } = await openProber(engine, options, 1)
    return {
      ...rest,
      ask(question, done) {
        void prober.probe([question]).then(([seen]) => done(firstData(seen)))
      },
    }
  }
}

/**
 * A round of a host: A and AAAA through three vantages, under one signal for all rounds, as the probe worker asks. A
 * question of the bench is a host here; anything but the six right answers counts as wrong or none.
 */
export function ownProberOfSix(engine: Engine): OpenAsker {
  return async (options) => {
    const { prober, ...rest } = await openProber(engine, options, VANTAGES_OF_SIX)
    const { signal } = new AbortController()
    const hosts = hostsOfBench()
    let next = 0
    return {
      ...rest,
      questionsPerAsk: 2 * VANTAGES_OF_SIX,
      // Which of the bench's questions it was does not matter: hosts are taken in turn, as they are.
      ask({ expected }, done) {
        const { a, aaaa } = hosts[next]!
        next = (next + 1) % hosts.length
        void prober.probe([a, aaaa], signal).then((seen) => {
          const data = seen.map(firstData)
          if (data.length < 2 * VANTAGES_OF_SIX || data.includes(null)) return done(null)
          const isRight = data.every((one, place) => one === (place < VANTAGES_OF_SIX ? a : aaaa).expected)
          done(isRight ? expected : 'another answer than the zone has')
        })
      },
    }
  }
}

const VANTAGES_OF_SIX = 3

interface Host {
  readonly a: BenchQuestion
  readonly aaaa: BenchQuestion
}

function hostsOfBench(): Host[] {
  const questions = expectedAnswers()
  return [...questions.values()]
    .filter(({ type }) => type === 'A')
    .map((a) => ({ a, aaaa: questions.get(`${a.name} AAAA`)! }))
}

function firstData(seen: Observation | undefined): string | null {
  return seen?.outcome === 'answer' ? (seen.answer[0]?.data ?? null) : null
}

interface OpenedProber extends Pick<Asker, 'retried' | 'close'> {
  readonly prober: Prober
}

async function openProber(
  engine: Engine,
  { address, port, inFlight }: AskerOptions,
  count: number,
): Promise<OpenedProber> {
  const ports = await openPorts(engine)
  const server = `${address}:${port}`
  const maxInFlight = Math.max(1000, inFlight)
  const vantages: Vantage[] = openVantages(
    Array.from({ length: count }, (_, index) => ({
      id: `bench${index}`,
      protocol: 'udp',
      server,
      qps: QPS,
      jitterMs: 0,
      maxInFlight,
    })),
    { ports },
  )
  return {
    prober: new Prober({ vantages, clock: systemClock }),
    retried: () => vantages.reduce((sum, vantage) => sum + vantage.status().retried, 0),
    async close() {
      for (const vantage of vantages) await vantage.close()
      await ports.close()
    },
  }
}
