// What keeping networks costs on a real Redis: bytes a member, notes a second through the keeper, the start of a keeper, and a
// round that has nothing new to tell.  node bench/network-keeping.ts [names] [agents]
import { DEFAULT_POLICY } from '../src/core/policy.ts'
import { KeeperTerm } from '../src/queue/networks/keeper-term.ts'
import { FlaggedNames } from '../src/store/flagged-names.ts'
import { KeptNetworks } from '../src/store/kept-networks.ts'
import { packNews } from '../src/core/networks/packed-member.ts'
import { startBenchRedis } from './pipeline/bench-redis.ts'

const NAMES = Number(process.argv[2] ?? 20_000)
const AGENTS = Number(process.argv[3] ?? 64)
/** Names of one botnet, which has twice as many machines as a name shows. */
const BOTNET = 200
/** What a busy look of all streams brings. */
const BATCH = 1_024
const T = Date.UTC(2026, 0, 1)
const MINUTE_MS = 60_000
const TELLINGS = 200_000

function nameOf(index: number, at: number) {
  const botnet = Math.floor(index / BOTNET)
  const agents = Array.from({ length: AGENTS }, (_, place) => {
    const machine = botnet * AGENTS * 2 + ((index * 7 + place * (1 + (index % 3))) % (AGENTS * 2))
    return {
      address: `${20 + (machine >> 16)}.${(machine >> 8) & 255}.${machine & 255}.9`,
      last: at - place * 61_000,
      strangers: 0,
    }
  })
  return { domain: `host${index}.botnet${botnet}-${index % 97}.example`, agents, standsAlone: true, at }
}

const redis = await startBenchRedis(null)
const say = (what: string, value: number, unit: string): void =>
  void process.stdout.write(`${what}: ${value.toFixed(value < 100 ? 1 : 0)} ${unit}\n`)
const parts = {
  policy: DEFAULT_POLICY,
  onError: (error: unknown) => void process.stderr.write(`${String(error)}\n`),
}

async function begin(token: string): Promise<{ term: KeeperTerm; store: KeptNetworks }> {
  const store = new KeptNetworks(redis.client, token, 600_000)
  const generation = await store.take()
  if (generation === null) throw new Error('somebody else is the keeper')
  return { term: await KeeperTerm.begin({ ...parts, store }, generation), store }
}

/** Microseconds of CPU of this process while it does that, graph and all. */
async function cpuUsOf(act: () => Promise<unknown>): Promise<number> {
  const before = process.cpuUsage()
  await act()
  const { user, system } = process.cpuUsage(before)
  return user + system
}

/** All names, in batches as the streams give them; answers notes a second of CPU, so that other work on the machine does not count. */
async function takeIn(term: KeeperTerm, at: number): Promise<number> {
  const batches: Buffer[][] = []
  for (let start = 0; start < NAMES; start += BATCH) {
    const length = Math.min(BATCH, NAMES - start)
    batches.push(
      Array.from({ length }, (_, index) => packNews({ kind: 'flagged', name: nameOf(start + index, at) })),
    )
  }
  const usedUs = await cpuUsOf(async () => {
    for (const batch of batches) await term.handle(batch, at)
  })
  return (NAMES / usedUs) * 1e6
}

const before = await redis.usedOctets()
const first = await begin('first')
say('new names through the keeper', await takeIn(first.term, T), 'notes/s of CPU')
while (await first.term.sweep(T + 20 * MINUTE_MS));
await redis.settle()
say(`Redis, a member with ${AGENTS} agents`, ((await redis.usedOctets()) - before) / NAMES, 'B')
say('the same names told again, nothing new', await takeIn(first.term, T + 30 * MINUTE_MS), 'notes/s of CPU')
await first.store.release()
first.term.end()

const beginUs = await cpuUsOf(() => begin('second'))
say(`a keeper begins with ${NAMES} names`, beginUs / 1000, 'ms of CPU')

const flagged = new FlaggedNames(redis.client)
const told = nameOf(1, T)
await flagged.tell(told, T)
const nothingUs = await cpuUsOf(async () => {
  for (let index = 0; index < TELLINGS; index += 1) await flagged.tell(told, T)
})
say('a round with nothing new to tell', nothingUs / TELLINGS, 'µs of CPU')
const names = Array.from({ length: 2_000 }, (_, index) => nameOf(index + 2, T))
const newUs = await cpuUsOf(async () => {
  for (const name of names) await flagged.tell(name, T)
})
say(`a round that tells ${AGENTS} agents`, newUs / names.length, 'µs of CPU')
await redis.close()
