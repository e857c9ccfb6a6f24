import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { describe, expect, test } from 'vitest'
import { socketAddress } from '../../src/dns/batched/kernel-layout.ts'
import { LookPacing } from '../../src/dns/batched/look-pacing.ts'
import { openBatchedPorts } from '../../src/dns/batched/open-batched-ports.ts'

const run = promisify(execFile)

describe('the batched engine', () => {
  test.each([
    ['darwin', 'arm64'],
    ['linux', 'riscv64'],
  ])('says that it cannot run on %s with %s', async (platform, arch) => {
    expect(await openBatchedPorts({ platform, arch })).toEqual({
      unavailable: `it needs Linux on x64 or arm64, this is ${platform} on ${arch}`,
    })
  })

  test.skipIf(process.platform !== 'linux').each([
    [
      'not installed',
      "Object.assign(new Error(), { code: 'ERR_MODULE_NOT_FOUND' })",
      'the optional package koffi is not installed',
    ],
    ['broken', "new Error('no binary for this system')", 'koffi cannot be loaded: no binary for this system'],
  ])('is off, with a reason, where koffi is %s', async (_, failure, unavailable) => {
    const module = new URL('../../src/dns/batched/open-batched-ports.ts', import.meta.url).href
    const script = `import { registerHooks } from 'node:module'
      registerHooks({ resolve: (specifier, context, next) => {
        if (specifier === 'koffi') throw ${failure}
        return next(specifier, context)
      } })
      const { openBatchedPorts } = await import(${JSON.stringify(module)})
      console.log(JSON.stringify(await openBatchedPorts({ platform: 'linux', arch: 'x64' })))`
    const { stdout } = await run(process.execPath, ['--input-type=module', '-e', script])
    expect(JSON.parse(stdout)).toEqual({ unavailable })
  })
})

describe('a socket address', () => {
  test('holds family, port and address of an IPv4 server in the order of the wire', () => {
    const { bytes, family } = socketAddress({ address: '192.0.2.7', port: 5353 })!
    expect(family).toBe(2)
    expect([...bytes]).toEqual([2, 0, 0x14, 0xe9, 192, 0, 2, 7, 0, 0, 0, 0, 0, 0, 0, 0])
  })

  test('holds family, port, flow and address of an IPv6 server, without scope', () => {
    const { bytes, family } = socketAddress({ address: '2001:db8::1:2', port: 53 })!
    expect(family).toBe(10)
    const expected = '0a00 0035 00000000 20010db8000000000000000000010002 00000000'.replaceAll(' ', '')
    expect(Buffer.from(bytes).toString('hex')).toBe(expected)
  })
})

describe('the pacing of looks', () => {
  const after = (looks: readonly (readonly [datagrams: number, nowMs: number])[]): boolean => {
    const pacing = new LookPacing()
    for (const [datagrams, nowMs] of looks) pacing.looked(datagrams, nowMs)
    return pacing.timed
  }
  const trickle = (count: number, stepMs: number, datagrams = 1) =>
    Array.from({ length: count }, (_, index) => [datagrams, index * stepMs] as const)

  test('waits to be woken while datagrams are rare', () => {
    expect(after(trickle(100, 0.3))).toBe(false)
  })

  test('goes by the clock when single datagrams follow each other closely', () => {
    expect(after(trickle(100, 0.1))).toBe(true)
  })

  test('waits to be woken while every look finds a batch', () => {
    expect(after(trickle(100, 0.1, 20))).toBe(false)
  })

  test('waits to be woken again after a look that found nothing, or a full batch', () => {
    expect(after([...trickle(100, 0.1), [0, 11]])).toBe(false)
    expect(after([...trickle(100, 0.1), [10, 11]])).toBe(true)
    expect(after([...trickle(100, 0.1), [64, 11]])).toBe(false)
  })
})
