// The direct vantage from simulated roots down, over real sockets: every story of test/dns/direct in a network namespace.
import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { STORIES } from '../dns/direct/stories.ts'
import type { ToldStory } from '../dns/direct/story.ts'

/** In a namespace of its own every IPv4 address is this machine's; the inside adds the IPv6 addresses that it needs. */
const ALL_LOCAL =
  'ip link set lo up && ip route add local 0.0.0.0/0 dev lo && ip -6 address add 2a0e:b107::1/128 dev lo nodad'

function missing(): string | null {
  if (process.getuid?.() !== 0) return 'it needs root, to make a network namespace'
  for (const program of ['unshare', 'ip']) {
    try {
      execFileSync('sh', ['-c', `command -v ${program}`])
    } catch {
      return `${program} is not installed`
    }
  }
  try {
    execFileSync('unshare', ['--net', 'sh', '-c', ALL_LOCAL], { stdio: 'pipe' })
  } catch (error) {
    return `no network namespace can be made here: ${error instanceof Error ? error.message : String(error)}`
  }
  return null
}

const reason = missing()
if (reason !== null) process.stderr.write(`end-to-end test of the direct vantage skipped: ${reason}\n`)

describe.skipIf(reason !== null)('the direct vantage below simulated roots', () => {
  let told: ToldStory[] = []

  beforeAll(async () => {
    const inside = spawn(
      'unshare',
      [
        '--net',
        'sh',
        '-c',
        `${ALL_LOCAL} && exec "$0" "$1"`,
        process.execPath,
        join(import.meta.dirname, 'direct-internet.ts'),
      ],
      { stdio: ['ignore', 'pipe', 'inherit'] },
    )
    let printed = ''
    inside.stdout.on('data', (chunk: Buffer) => (printed += chunk.toString()))
    const [code] = (await once(inside, 'close')) as [number]
    expect(code).toBe(0)
    told = JSON.parse(printed) as ToldStory[]
  }, 60_000)

  it.each(STORIES)('$title', ({ title, rounds }) => {
    const seen = told.find((one) => one.title === title)?.rounds
    expect(seen).toEqual(rounds.map((round) => round.seen.toSorted()))
  })

  it('asks over TCP where a referral was truncated, and only there', () => {
    const truncated = told.filter((one) => one.truncated > 0).map(({ title }) => title)
    expect(truncated).toEqual([
      'asks the first thirteen by name of forty name servers',
      'takes a referral over TCP that is too large for UDP',
    ])
  })
})
