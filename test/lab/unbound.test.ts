import { execFileSync, spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { createAddressPlan } from '../../src/lab/address-plan.ts'
import { createWorld } from '../../src/lab/world.ts'
import { START } from './watching.ts'

/** Why a real unbound cannot be had here; null when it can. */
function whatIsMissing(): string | null {
  if (process.platform !== 'linux') return 'no network namespaces on this platform'
  if (spawnSync('unbound', ['-V']).error) return 'unbound is not installed'
  if (spawnSync('ip', ['-V']).error) return 'the ip command is not installed'
  if (spawnSync('unshare', ['--net', 'true']).status !== 0) return 'no right to make a network namespace'
  return null
}

const missing = whatIsMissing()

describe('a real unbound on the lab’s authorities', () => {
  it.skipIf(missing !== null)(
    `resolves every name of the world from the root${missing === null ? '' : ` (skipped: ${missing})`}`,
    { timeout: 60_000 },
    () => {
      const output = execFileSync(
        'unshare',
        ['--net', process.execPath, join(import.meta.dirname, 'netns-resolver.ts')],
        { encoding: 'utf8', timeout: 50_000 },
      )
      const answers = JSON.parse(output) as Record<string, { rcode: string; addresses: string[] }>
      const world = createWorld({ seed: 1, startAt: START })
      const plan = createAddressPlan()
      for (const zone of world.zones.filter(({ class: labClass }) => labClass !== 'timeout')) {
        const rcode = { nxdomain: 'NXDOMAIN', servfail: 'SERVFAIL' }[zone.class as string] ?? 'NOERROR'
        const answer = answers[zone.host]!
        expect(answer.rcode, zone.host).toBe(rcode)
        expect(answer.addresses.length > 0, zone.host).toBe(rcode === 'NOERROR')
        for (const address of answer.addresses) expect(plan.factsOf(address).asn, address).not.toBeNull()
        for (const server of zone.nameServers) {
          expect(answers[server.name], server.name).toMatchObject({
            rcode: 'NOERROR',
            addresses: [expect.any(String)],
          })
        }
      }
      // The resolver's source address lies in the prefix of Asia, and the CDN answered for there.
      const cdn = world.zones.find((zone) => zone.class === 'cdn')!
      for (const address of answers[cdn.host]!.addresses) {
        expect(plan.networkOf(address)?.region).toBe('asia')
      }
    },
  )
})
