import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { fuzzPackets } from '../../bench/fuzz/fuzz-packets.ts'
import { seedPackets } from '../../bench/fuzz/seed-packets.ts'
import { replyTarget } from '../../bench/fuzz/reply-target.ts'

const BENCH = join(import.meta.dirname, '..', '..', 'bench')

describe('mutated packets', () => {
  test('none of 100,000 throws, hangs or leaves memory behind, and the command says so', () => {
    const args = ['--expose-gc', join(BENCH, 'fuzz-dns.ts'), '--packets', '100000', '--seed', '1']
    const { status, stdout, stderr } = spawnSync(process.execPath, args, {
      encoding: 'utf8',
      timeout: 19_000,
    })
    expect(stderr).toBe('')
    expect(stdout).toMatch(/^seed 1: 100000 packets, no throw, no hang, growth -?\d+ octets$/m)
    expect(status).toBe(0)
  })

  test('the packets that they are made of all pass unharmed', () => {
    const target = replyTarget()
    // The last is the ladder of pointers, which is refused for its length.
    expect(seedPackets().map((packet) => target(packet))).toEqual([
      ...Array.from({ length: seedPackets().length - 1 }, () => true),
      false,
    ])
  })

  test('many are still messages after it, and many are none', () => {
    const { messages, finding } = fuzzPackets({ seed: 2, packets: 5_000, target: replyTarget() })
    expect(finding).toBeNull()
    expect(messages).toBeGreaterThan(500)
    expect(messages).toBeLessThan(4_500)
  })

  test('the same seed makes the same packets, another one makes others', () => {
    const packetsOf = (seed: number): string[] => {
      const seen: string[] = []
      fuzzPackets({ seed, packets: 50, target: (bytes) => seen.push(Buffer.from(bytes).toString('hex')) > 0 })
      return seen
    }
    expect(packetsOf(3)).toEqual(packetsOf(3))
    expect(packetsOf(3)).not.toEqual(packetsOf(4))
  })

  test('a throw ends the run with its packet', () => {
    let calls = 0
    const target = (): boolean => {
      calls += 1
      if (calls === 7) throw new RangeError('offset')
      return true
    }
    const { packets, finding } = fuzzPackets({ seed: 5, packets: 50, target })
    expect(packets).toBe(7)
    expect(finding).toMatchObject({ number: 7, error: new RangeError('offset') })
  })

  test('a hanging packet ends the process, which names it', () => {
    const script = `
      import { Watchdog } from ${JSON.stringify(join(BENCH, 'fuzz', 'watchdog.ts'))}
      const watchdog = new Watchdog(100)
      await watchdog.ready()
      watchdog.note(Uint8Array.of(0xab, 0xcd), 42)
      for (;;);
    `
    const { signal, stderr } = spawnSync(
      process.execPath,
      ['--input-type=module-typescript', '--eval', script],
      {
        encoding: 'utf8',
      },
    )
    expect(stderr).toBe('packet 42 hangs: abcd\n')
    expect(signal).toBe('SIGKILL')
  })
})
