// The inside of the end-to-end test of the direct vantage: runs in a network namespace where every address is local, so
// that simulated roots, top-level domains and authorities listen at real-looking addresses, on UDP and TCP port 53. Tells
// every story with real stubs and prints what was seen as one JSON document on stdout.
import { execFileSync } from 'node:child_process'
import { openDnsServer } from '../../src/lab/dns-server.ts'
import { DirectSource } from '../../src/dns/direct/direct-source.ts'
import { StubResolver } from '../../src/dns/stub-resolver.ts'
import { BASE_INTERNET, ROOT_HINTS } from '../dns/direct/base-internet.ts'
import { ScriptedInternet } from '../dns/direct/scripted-internet.ts'
import { STORIES } from '../dns/direct/stories.ts'
import { questionOf, shownReplies, type ToldStory } from '../dns/direct/story.ts'

/** Nothing here is far: a server that has not answered after so long is one that stays silent. */
const TIMEOUTS_MS = [400, 600]

const internet = new ScriptedInternet([BASE_INTERNET, ...STORIES])
// A local route is enough for IPv4; IPv6 binds only what an interface has.
for (const address of internet.addresses.filter((one) => one.includes(':')))
  execFileSync('ip', ['-6', 'address', 'add', `${address}/128`, 'dev', 'lo', 'nodad'])
const servers = await Promise.all(
  internet.addresses.map((address) =>
    openDnsServer({ address, port: 53, handler: (query) => internet.answer(address, query) }),
  ),
)
const told: ToldStory[] = []
for (const story of STORIES) {
  const source = new DirectSource({
    rootHints: ROOT_HINTS,
    qpsPerAuthority: 1000,
    openAuthority: (server) =>
      new StubResolver({ server, protocol: 'udp', recursionDesired: false, timeoutsMs: TIMEOUTS_MS }),
  })
  const rounds: string[][] = []
  for (const round of story.rounds) {
    if (round.change) internet.changeCut(round.change.from, round.change)
    rounds.push(shownReplies(await source.look(questionOf(round))))
  }
  await source.close()
  told.push({ title: story.title, rounds, truncated: source.counters.truncated })
}
process.stdout.write(JSON.stringify(told))
await Promise.all(servers.map((server) => server.close()))
