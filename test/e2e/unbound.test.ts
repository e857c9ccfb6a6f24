// The whole service against real resolvers: three unbounds resolve iteratively from the lab's root servers.
import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'

interface Outcome {
  readonly zones: readonly {
    readonly class: string
    readonly host: string
    readonly verdict: { readonly verdict: string; readonly flux_type: string | null }
  }[]
  readonly webhooks: readonly {
    readonly type: string
    readonly data: { readonly domain: string; readonly verdict: string; readonly flux_type: string | null }
  }[]
  readonly ready: { readonly checks: readonly { readonly name: string; readonly ok: boolean }[] }
  /** Observations of the `direct` vantage for the zone of a double-flux name. */
  readonly seenDirectly: readonly {
    readonly side?: string
    readonly freshness?: string
    readonly server?: { readonly name: string; readonly address: string }
    readonly authority: readonly { readonly type: string }[]
    readonly additional: readonly { readonly type: string; readonly data: string }[]
  }[]
}

/** In a namespace of its own every IPv4 address is this machine's. */
const INSIDE = 'ip link set lo up && ip route add local 0.0.0.0/0 dev lo && exec "$0" "$1"'

function missing(): string | null {
  if (process.getuid?.() !== 0) return 'it needs root, to make a network namespace'
  for (const program of ['unbound', 'unshare', 'ip']) {
    try {
      execFileSync('sh', ['-c', `command -v ${program}`])
    } catch {
      return `${program} is not installed`
    }
  }
  try {
    execFileSync(
      'unshare',
      ['--net', 'sh', '-c', 'ip link set lo up && ip route add local 0.0.0.0/0 dev lo'],
      { stdio: 'pipe' },
    )
  } catch (error) {
    return `no network namespace can be made here: ${error instanceof Error ? error.message : String(error)}`
  }
  return null
}

const reason = missing()
if (reason !== null) process.stderr.write(`end-to-end test with unbound skipped: ${reason}\n`)

describe.skipIf(reason !== null)('with real unbounds and the authorities themselves as the vantages', () => {
  let outcome: Outcome

  beforeAll(async () => {
    const inside = spawn(
      'unshare',
      ['--net', 'sh', '-c', INSIDE, process.execPath, join(import.meta.dirname, 'unbound-world.ts')],
      { stdio: ['ignore', 'pipe', 'inherit'] },
    )
    let printed = ''
    inside.stdout.on('data', (chunk: Buffer) => (printed += chunk.toString()))
    const [code] = (await once(inside, 'close')) as [number]
    expect(code).toBe(0)
    outcome = JSON.parse(printed) as Outcome
  }, 300_000)

  const verdictsOf = (name: string) =>
    outcome.zones
      .filter((zone) => zone.class === name)
      .map(({ verdict }) => [verdict.verdict, verdict.flux_type])
  const flagged = (name: string) => {
    const hosts = outcome.zones.filter((zone) => zone.class === name).map((zone) => zone.host)
    return outcome.webhooks.filter(
      ({ type, data }) => type === 'domain.flux.detected' && hosts.includes(data.domain),
    )
  }

  it('flags classic single flux and one-address flux as single', () => {
    for (const name of ['classic-single-flux', 'one-address-ttl0-flux']) {
      expect(verdictsOf(name).length).toBeGreaterThan(0)
      for (const verdict of verdictsOf(name)) expect(verdict).toEqual(['flux', 'single'])
    }
  })

  it('flags double flux as double', () => {
    expect(verdictsOf('double-flux').length).toBeGreaterThan(0)
    for (const verdict of verdictsOf('double-flux')) expect(verdict).toEqual(['flux', 'double'])
  })

  it('never flags a CDN, round robin or a static name, and says that no flux was seen', () => {
    for (const name of ['cdn', 'round-robin', 'static']) {
      expect(flagged(name)).toEqual([])
      expect(verdictsOf(name).length).toBeGreaterThan(0)
      for (const verdict of verdictsOf(name)) expect(verdict).toEqual(['no_flux_seen', null])
    }
  })

  it('delivers one detection per fluxing name, each with a signature that standardwebhooks verifies', () => {
    // The inside verified every body with the standardwebhooks package; one that fails ends it with an error.
    for (const name of ['classic-single-flux', 'one-address-ttl0-flux', 'double-flux']) {
      expect(flagged(name).length).toBe(verdictsOf(name).length)
    }
  })

  it('hears both sides of the zone cut from the authorities themselves, and always afresh', () => {
    const sides = new Set(outcome.seenDirectly.map(({ side }) => side))
    expect([...sides].toSorted()).toEqual(['child', 'parent'])
    const parents = outcome.seenDirectly.filter(({ side }) => side === 'parent')
    for (const { server, freshness } of parents) {
      expect(server?.name).toBeTruthy()
      expect(freshness).toBe('fresh')
    }
    // Glue, as only the parent says it: resolvers do not show it.
    for (const { authority, additional } of parents) {
      expect(authority.filter(({ type }) => type === 'NS').length).toBeGreaterThan(0)
      expect(additional.filter(({ type }) => type === 'A').length).toBeGreaterThan(0)
    }
  })

  it('names the UDP engine and each vantage in /readyz', () => {
    const names = outcome.ready.checks.map(({ name }) => name)
    expect(names.filter((name) => /^udp engine (batched|plain)$/.test(name))).toHaveLength(1)
    expect(names.filter((name) => name.startsWith('vantage '))).toHaveLength(4)
    expect(outcome.ready.checks.every(({ ok }) => ok)).toBe(true)
  })
})
